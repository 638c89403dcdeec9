/** Finds the function's handler. Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** An error of the runtime itself: its `name` is the `errorType` of the answer. */
export class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    if (cause instanceof Error) this.stack = cause.stack;
  }
}

/**
 * Modules of layers are found by `import` as by `require`; and so are AWS's own clients, which its runtimes have and
 * which are nobody else's here.
 */
export function findModules(layers, sdk) {
  const places = layers.map((path) => ({ path, holds: () => true }));
  if (sdk !== undefined) places.push({ path: sdk, holds: (name) => /^@(aws-sdk|smithy)\//.test(name) });
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (/^[./#]|^[a-z]+:/.test(specifier)) throw error;
        const name = packageOf(specifier);
        const place = places.find(({ path, holds }) => holds(name) && existsSync(join(path, name)));
        if (place === undefined) throw error;
        // `require` knows no parent but the module that it is called in
        if (context.conditions.includes("require")) {
          const found = createRequire(join(place.path, "..", "x.js")).resolve(specifier);
          return { url: pathToFileURL(found).href, shortCircuit: true };
        }
        return next(specifier, { ...context, parentURL: pathToFileURL(join(place.path, "..", "x.mjs")).href });
      }
    },
  });
}

const packageOf = (specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** @throws {RuntimeError} */
export async function loadHandler(root, named) {
  const slash = named.lastIndexOf("/");
  const [, file, path] = /^([^.]*)\.(.*)$/.exec(named.slice(slash + 1)) ?? [];
  if (file === undefined || named.includes("..")) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  const loaded = await load(root, named.slice(0, slash + 1) + file);
  const handler = path.split(".").reduce((value, name) => value?.[name], loaded);
  if (handler === undefined || handler === null) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${named} is undefined or not exported`);
  }
  if (typeof handler !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${named} is not a function`);
  return handler;
}

async function load(root, module) {
  const path = resolve(root, module);
  try {
    return await loadFile(path, root, module);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw new RuntimeError("Runtime.ImportModuleError", `Error: ${error.message}`, error);
    }
    throw error;
  }
}

async function loadFile(path, root, module) {
  const require = createRequire(join(root, "x.js"));
  if (existsSync(path) && /\.[cm]?js$/.test(path)) return required(path, require);
  if (existsSync(`${path}.js`)) {
    return isModule(path) ? import(pathToFileURL(`${path}.js`).href) : required(`${path}.js`, require);
  }
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  if (existsSync(`${path}.cjs`)) return required(`${path}.cjs`, require);
  const missing = new Error(`Cannot find module '${module}'\nRequire stack:\n- /var/runtime/index.mjs`);
  missing.code = "MODULE_NOT_FOUND";
  throw missing;
}

const required = (path, require) => require(path);

/** Whether the nearest `package.json` says so. */
function isModule(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const description = join(folder, "package.json");
    if (existsSync(description)) return JSON.parse(readFileSync(description, "utf8")).type === "module";
    if (folder === dirname(folder)) return false;
  }
}
