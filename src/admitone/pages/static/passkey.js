// Passkeys without fetch: the server puts the question into the form, this script puts the answer of the browser into
// its hidden field and sends it like any other form. The words stand in the form as well, in the reader's language.
const supported = window.PublicKeyCredential
  && PublicKeyCredential.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;
let waiting; // the conditional request behind the autofill list, if any

async function ask(form, mediation) {
  const options = JSON.parse(form.dataset.options);
  const signal = mediation ? (waiting = new AbortController()).signal : undefined;
  const credential = form.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), mediation, signal });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit(); // does not fire the submit event again
}

function words(form, error, took) {
  if (error.name === 'InvalidStateError' && form.dataset.taken) return form.dataset.taken;
  if (error.name !== 'NotAllowedError') return form.dataset.failed;
  return took > 60000 && form.dataset.late ? form.dataset.late : form.dataset.cancelled;
}

if (supported) {
  document.querySelectorAll('[data-passkey-area]').forEach((area) => { area.hidden = false; });
  document.querySelectorAll('[data-passkey-instead]').forEach((area) => { area.hidden = true; });
  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    const status = form.querySelector('[role="status"]');
    let busy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      status.textContent = '';
      if (waiting) waiting.abort();
      const began = performance.now();
      try { await ask(form); } catch (error) { status.textContent = words(form, error, performance.now() - began); }
      busy = false;
    });
  });
  const signin = document.querySelector('form[data-passkey="get"]');
  if (signin && document.querySelector('[autocomplete~="webauthn"]') && PublicKeyCredential.isConditionalMediationAvailable) {
    PublicKeyCredential.isConditionalMediationAvailable().then((ok) => {
      if (ok) ask(signin, 'conditional').catch(() => {}); // aborted or dismissed: the page stays as it is
    });
  }
}
