// moviedb-promise as it is: nothing is told it but a key. Run with the proxy's variables, by test_clients.py.
import { createRequire } from "node:module";

const { MovieDb } = createRequire(`${process.env.LED_CLIENTS}/`)("moviedb-promise");
const { LED_KEY, LED_USERNAME: username, LED_PASSWORD: password } = process.env;

const moviedb = new MovieDb(LED_KEY);
const { request_token } = await moviedb.requestToken();
await moviedb.makeRequest("post", "authentication/token/validate_with_login", { username, password, request_token });
await moviedb.retrieveSession();
console.log(`moviedb: ${(await moviedb.accountInfo()).username}`);
