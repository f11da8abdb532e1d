// A button that copies the message beside it, shown only where the browser lets us.
const button = document.querySelector("[data-copy]");
if (button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-copy-from]").value);
    button.lastElementChild.textContent = "Copied";
  });
}
