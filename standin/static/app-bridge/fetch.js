// fetch to the app's own origin carries a fresh ID token; a refused token is tried once more.
const plainFetch = window.fetch.bind(window);

async function sign(request) {
  request.headers.set("Authorization", `Bearer ${await ask("id-token")}`);
  request.headers.set("X-Requested-With", "XMLHttpRequest");
  return request;
}

function leave(response) {
  if (response.headers.get("X-Shopify-API-Request-Failure-Reauthorize") !== "1") return;
  const url = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
  if (url) tell("open", {url: new URL(url, location.href).href});
}

window.fetch = async function fetch(input, init) {
  const request = new Request(input, init);
  const own = new URL(request.url).origin === location.origin;
  if (!own || request.headers.has("Authorization")) return plainFetch(request);

  const again = request.clone();
  let response = await plainFetch(await sign(request));
  if (response.status === 401 && response.headers.get("X-Shopify-Retry-Invalid-Session-Request")) {
    response = await plainFetch(await sign(again));
  }
  if (response.status === 401 || response.status === 403) leave(response);
  return response;
};
