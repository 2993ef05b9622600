// Progressive enhancement only: every page works without this file.
document.querySelectorAll('[data-reveal]').forEach((button) => {
  const input = document.getElementById(button.dataset.reveal);
  const [show, showLabel] = [button.textContent, button.getAttribute('aria-label')];
  const set = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? button.dataset.hide : show;
    button.setAttribute('aria-label', shown ? button.dataset.hideLabel : showLabel);
  };
  button.hidden = false;
  button.addEventListener('click', () => set(input.type === 'password'));
  input.form.addEventListener('submit', () => set(false)); // never submit a revealed field: browsers may remember it as text
});
