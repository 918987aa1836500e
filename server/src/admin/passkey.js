// Asks the browser's authenticator for what a form needs, puts the answer into the form and sends it. A form that says for
// how many seconds the last passkey counts (data-fresh) is asked for another one only once they are over.
const opened = performance.now();

const answered = async (form) => {
  const making = "make" in form.dataset;
  const answer = await fetch(form.dataset.ask, { method: "POST", headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error("refused");
  const { token, options } = await answer.json();
  const asked = JSON.parse(options);
  const credential = making
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  form.elements.challenge.value = token;
  form.elements.credential.value = JSON.stringify(credential);
};

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", async (event) => {
    const left = Number(form.dataset.fresh ?? 0) * 1000 - (performance.now() - opened);
    if (form.elements.credential.value || left > 15_000) return;
    event.preventDefault();
    const words = form.querySelector("[data-trouble]");
    words.hidden = true;
    try {
      await answered(form);
      form.submit();
    } catch {
      words.hidden = false;
    }
  });
}
