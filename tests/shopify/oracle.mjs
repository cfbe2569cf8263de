// Shopify's own npm package as a judge: a case a line on stdin, its verdict a line on stdout.
import "@shopify/shopify-api/adapters/node";

import { createInterface } from "node:readline";

import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";

const [apiKey, apiSecretKey] = process.argv.slice(2);
const shopify = shopifyApi({
  apiKey,
  apiSecretKey,
  apiVersion: ApiVersion.October25,
  hostName: "app.example",
  isEmbeddedApp: true,
  isTesting: true,
  logger: { level: LogSeverity.Error, log: () => {} },
});

const judges = {
  token: async ({ token }) => Boolean(await shopify.session.decodeSessionToken(token)),
  query: ({ params }) => shopify.utils.validateHmac(params),
  webhook: async ({ body, headers }) => {
    const rawRequest = { method: "POST", url: "/webhooks", headers };
    return (await shopify.webhooks.validate({ rawBody: body, rawRequest, rawResponse: {} })).valid;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, ...given } = JSON.parse(line);
  let verdict;
  try {
    verdict = await judges[kind](given);
  } catch {
    verdict = false;
  }
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
}
