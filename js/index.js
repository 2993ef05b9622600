// What people test their apps with: a sandbox that is started or is there already, and worlds of it.
export { SandboxError } from "./control.js";
export { connect, Sandbox, start } from "./start.js";
export { App, Clock, Faults, Person, World } from "./world.js";
