// Firefox as it is installed, by WebDriver BiDi over its own socket: no driver program, and only what the tests need.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { WebSocket } = createRequire(new URL("../../tests/package.json", import.meta.url))("ws");

/** Starts Firefox; gives `open(address)`, which gives a page, and `close()`. */
export async function firefox() {
  const profile = mkdtempSync(join(tmpdir(), "textmeter-firefox-"));
  const child = spawn(process.env.FIREFOX ?? "/usr/bin/firefox-esr", ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile], { stdio: ["ignore", "ignore", "pipe"] });
  const socket = new WebSocket(`${await listening(child)}/session`);
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  const send = commands(socket);
  await send("session.new", { capabilities: {} });
  const errors = [];
  await send("session.subscribe", { events: ["log.entryAdded"] });
  socket.on("message", (data) => {
    const { method, params } = JSON.parse(data);
    if (method === "log.entryAdded" && params.level === "error") errors.push(params.text);
  });
  return {
    errors,
    open: async (address) => {
      const { context } = await send("browsingContext.create", { type: "tab" });
      await send("browsingContext.navigate", { context, url: address, wait: "complete" });
      return page(send, context);
    },
    close: async () => {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      await send("browser.close", {});
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); // its processes may still be writing
    },
  };
}

function listening(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("exit", (code) => reject(new Error(`Firefox ended with ${code}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      const [, address] = line.match(/WebDriver BiDi listening on (ws:\S+)/) ?? [];
      if (address) resolve(address);
    });
  });
}

/** Sends commands, each answered by its number. */
function commands(socket) {
  const waiting = new Map();
  let last = 0;
  socket.on("message", (data) => {
    const { id, type, result, message, error } = JSON.parse(data);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (type === "success") resolve?.(result);
    if (type === "error") reject?.(new Error(`${error}: ${message}`));
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}

function page(send, context) {
  /** What an expression comes to in the page, as JSON tells it. */
  const evaluate = async (expression) => {
    const code = `(async () => JSON.stringify(await (${expression})))()`;
    const { result, exceptionDetails } = await send("script.evaluate", { expression: code, target: { context }, awaitPromise: true, userActivation: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value === undefined ? undefined : JSON.parse(result.value);
  };
  /** Keys pressed together, in order; released the other way round. */
  const press = (...keys) => {
    const actions = [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))];
    return send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions }] });
  };
  return { evaluate, press };
}

export const CONTROL = "\uE009";
