// The bar that offers to save or discard what changed in the app's page.
let asksFirst = false;

const saveBar = () => document.querySelector(".save-bar");
const discardDialog = () => document.querySelector(".discard");
const saveBarVisible = () => saveBar()?.hidden === false;

on["save-bar"] = ({visible, confirm = false}) => {
  saveBar().hidden = !visible;
  saveBar().classList.remove("attention");
  asksFirst = confirm;
};

on["save-bar-attention"] = () => {
  saveBar().classList.remove("attention");
  requestAnimationFrame(() => saveBar().classList.add("attention"));
  saveBar().querySelector("[data-bar=save]").focus();
};

document.addEventListener("click", (event) => {
  const what = event.target.closest("[data-bar]")?.dataset.bar;
  if (what === "discard" && asksFirst) discardDialog().showModal();
  else if (what === "discard" || what === "save") tell(what);
  else if (what === "discard-surely") {
    discardDialog().close();
    tell("discard");
  } else if (what === "keep") discardDialog().close();
});
