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
document.querySelectorAll('[data-copy]').forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const status = document.querySelector(`[data-copy-status="${button.dataset.copy}"]`);
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
      status.textContent = button.dataset.copied;
    } catch { status.textContent = button.dataset.blocked; }
  });
});
document.querySelectorAll('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
