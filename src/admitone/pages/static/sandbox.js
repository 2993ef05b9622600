// Progressive enhancement only: without this file a page shows how it was when it was loaded.
const live = document.getElementById('live');
const dress = () => document.querySelectorAll('[data-copy]').forEach((button) => {
  button.hidden = false;
  button.onclick = async () => {
    const id = button.dataset.copy;
    await navigator.clipboard.writeText(document.getElementById(id).textContent);
    document.querySelector(`[data-copied="${id}"]`).textContent = 'Copied';
  };
});
const refresh = async () => {
  // Whoever types, or reads something unfolded, is not disturbed.
  if (live.contains(document.activeElement) || live.querySelector('details[open]')) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
  live.replaceChildren(...next.childNodes);
  dress();
};
dress();
if (live) new EventSource(live.dataset.live).onmessage = refresh;
