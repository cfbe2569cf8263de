// The admin's end of the line to the app's page. Loaded before the iframe, so that nothing is missed.
const on = {}; // what the page may tell the admin: type -> function(message)

const frame = () => document.querySelector("iframe");

function tell(type, message = {}) {
  const app = document.body.dataset.appOrigin;
  frame().contentWindow.postMessage({...message, type}, app);
}

window.addEventListener("message", (event) => {
  if (event.source !== frame()?.contentWindow) return;
  if (event.origin !== document.body.dataset.appOrigin) return;
  on[event.data.type]?.(event.data);
});

let token = null; // on its way: an answer for all who ask meanwhile

async function idToken() {
  const response = await fetch(`/_standin/${document.body.dataset.shop}/id-token`, {method: "POST"});
  return (await response.json()).id_token;
}

on["id-token"] = async ({id}) => {
  token ??= idToken().finally(() => { token = null; });
  try {
    tell("answer", {id, value: await token});
  } catch (error) {
    tell("answer", {id, error: `No ID token: ${error.message}`});
  }
};

on.loading = ({loading}) => {
  document.querySelector(".loading").hidden = !loading;
};

// shopify://admin/<path>, https://admin.shopify.com/store/<name>/<path>, or another site.
on.open = ({url}) => {
  const store = document.body.dataset.store;
  const here = url
    .replace(/^shopify:\/\/admin/, store)
    .replace(/^https:\/\/admin\.shopify\.com/, "");
  const target = new URL(here || store, location.href);
  if (/^https?:$/.test(target.protocol)) location.assign(target);
};
