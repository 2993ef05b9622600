// The userinfo endpoint of oidc-provider, with its own store in memory; tokens are made as its own endpoints make them.
import { readFileSync, writeFileSync } from "node:fs";
import * as oidc from "oidc-provider";

const [, , file, tokens, port] = process.argv;
const people = new Map(JSON.parse(readFileSync(file, "utf8")).map((person) => [String(person.id), person]));
const issuer = `http://127.0.0.1:${port}`;

const provider = new oidc.Provider(issuer, {
  clients: [{ client_id: "bench", client_secret: "of the bench", redirect_uris: ["http://127.0.0.1/back"] }],
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "locale", "avatar", "include_adult"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => {
    const person = people.get(id);
    return person && {
      accountId: id,
      claims: () => ({
        sub: id,
        name: person.name,
        preferred_username: person.username,
        locale: "en-US",
        include_adult: false,
        avatar: { gravatar: { hash: person.gravatar }, tmdb: { avatar_path: null } },
      }),
    };
  },
});

const client = await provider.Client.find("bench");
const made = [];
for (const accountId of people.keys()) {
  const grant = new provider.Grant({ accountId, clientId: "bench" });
  grant.addOIDCScope("openid profile");
  const grantId = await grant.save();
  made.push(await new provider.AccessToken({ accountId, client, grantId, gty: "authorization_code", scope: "openid profile" }).save());
}
writeFileSync(tokens, JSON.stringify(made));
provider.listen(Number(port), "127.0.0.1");
