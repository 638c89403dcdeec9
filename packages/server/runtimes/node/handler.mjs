/**
 * Finds the function's handler.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html,
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeError } from "./failure.mjs";

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
  if (named.includes("..")) {
    const message = `'${named}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`;
    throw new RuntimeError("Runtime.MalformedHandlerName", message);
  }
  const slash = named.lastIndexOf("/");
  const [, file, path] = /^([^.]*)\.(.*)$/.exec(named.slice(slash + 1)) ?? [];
  if (file === undefined) throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  const loaded = await load(root, named.slice(0, slash + 1), file);
  const handler = path.split(".").reduce((value, name) => value?.[name], loaded);
  if (!handler) throw new RuntimeError("Runtime.HandlerNotFound", `${named} is undefined or not exported`);
  if (typeof handler !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${named} is not a function`);
  return handler;
}

async function load(root, folder, module) {
  try {
    return await loadFile(root, folder, module);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code !== "MODULE_NOT_FOUND") throw error;
    throw new RuntimeError("Runtime.ImportModuleError", `Error: ${error.message}`, error);
  }
}

/** A file or a folder of that name, else one with an ending, else a module of that name. */
async function loadFile(root, folder, module) {
  const path = resolve(root, folder, module);
  const require = createRequire("/var/runtime/index.mjs");
  const script = `${path}.js`;
  const isOfModule = existsSync(script) && isModule(dirname(path));
  const required = [path, ...(isOfModule ? [] : [script])].find((one) => existsSync(one));
  if (required !== undefined) return require(required);
  const imported = [...(isOfModule ? [script] : []), `${path}.mjs`].find((one) => existsSync(one));
  if (imported !== undefined) return import(pathToFileURL(imported).href);
  if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
  return require(packageAt(require, module, [root, resolve(root, folder)]));
}

function packageAt(require, module, paths) {
  try {
    return require.resolve(module, { paths });
  } catch (error) {
    const missing = new Error(`Cannot find module '${module}'\nRequire stack:\n- /var/runtime/index.mjs`);
    throw Object.assign(missing, { code: error.code });
  }
}

/** Whether the nearest `package.json` says so. */
function isModule(folder) {
  if (folder.endsWith("/node_modules")) return false;
  const description = join(folder, "package.json");
  if (existsSync(description)) return typeIn(description) === "module";
  return folder !== dirname(folder) && isModule(dirname(folder));
}

function typeIn(description) {
  try {
    return JSON.parse(readFileSync(description, "utf8"))?.type;
  } catch (error) {
    console.warn(`${description} cannot be read, it will be ignored for ES module detection purposes.`, error);
    return undefined;
  }
}
