// The npm package jose as a judge: a token a line on stdin, its verdict a line on stdout.
import { createInterface } from "node:readline";

import { createLocalJWKSet, jwtVerify } from "jose";

const { jwks, issuer, audience, algorithms } = JSON.parse(process.argv[2]);
const keys = createLocalJWKSet(jwks);

for await (const token of createInterface({ input: process.stdin })) {
  const rules = { issuer, audience, algorithms, clockTolerance: 30 };
  const verdict = await jwtVerify(token, keys, rules).then(() => true, () => false);
  process.stdout.write(`${verdict}\n`);
}
