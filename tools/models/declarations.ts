/** The types of a service that has no SDK package, in the form the kit takes them in. */
import { botocoreModel, type BotocoreShape } from "./botocore.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  string: "string",
  integer: "number",
  boolean: "boolean",
  blob: "Uint8Array",
  timestamp: "Date",
};

/** Of the repository's format, its end of line counted. */
const LINE_MAX = 121;

interface Named {
  /** The model's id. */
  readonly id: string;
  /** The interface that stands for the SDK's module: `RolesAnywhereSdk`. */
  readonly module: string;
  readonly more: readonly string[];
}

/** The source of a module that exports one interface, a command for each operation in it. */
export function declarations({ id, module, more }: Named): string {
  const { operations, shapes } = botocoreModel(id, more);
  const wanted = new Set<string>();
  const want = (name: string): string => {
    wanted.add(name);
    return name;
  };
  const typeOf = (name: string): string => {
    const shape = shapes[name];
    if (shape === undefined) throw new Error(`no shape is called ${name}`);
    if (shape.enum !== undefined) return want(name);
    if (shape.type === "structure") return want(name);
    if (shape.type === "list") return `${typeOf(shape.member?.shape ?? "")}[]`;
    if (shape.type === "map") return `Record<string, ${typeOf(shape.value?.shape ?? "")}>`;
    return SIMPLE[shape.type] ?? "unknown";
  };
  const commands = Object.entries(operations).map(([name, { input, output }]) => {
    const types = [input, output].map((ref) => (ref === undefined ? "object" : typeOf(ref.shape)));
    const line = `  readonly ${name}Command: ModelCommand<${types.join(", ")}>;\n`;
    if (line.length <= LINE_MAX) return line;
    return `  readonly ${name}Command: ModelCommand<\n    ${types.join(",\n    ")}\n  >;\n`;
  });
  const errors = Object.entries(shapes).filter(([, { exception }]) => exception === true);
  const written = new Map<string, string>();
  for (const name of wanted) written.set(name, declarationOf(name, shapes[name], typeOf));
  return [
    `/** What \`tools/models\` wrote of the model of ${id}: types alone. */\n`,
    `import type { ModelCommand, ModelError } from "../../service/sdk.ts";\n\n`,
    `export interface ${module} {\n`,
    ...commands,
    ...errors.map(([name]) => `  readonly ${name}: ModelError<"${name}">;\n`),
    "}\n",
    ...[...written.keys()].toSorted().map((name) => `\n${written.get(name) ?? ""}`),
  ].join("");
}

function declarationOf(name: string, shape: BotocoreShape | undefined, typeOf: (name: string) => string): string {
  if (shape?.enum !== undefined) return `type ${name} = ${shape.enum.map((value) => `"${value}"`).join(" | ")};\n`;
  const { members = {}, required = [] } = shape ?? {};
  const lines = Object.entries(members).map(([member, ref]) => {
    const type = typeOf(ref.shape);
    return required.includes(member) ? `  ${member}: ${type};\n` : `  ${member}?: ${type} | undefined;\n`;
  });
  return lines.length === 0 ? `type ${name} = object;\n` : `interface ${name} {\n${lines.join("")}}\n`;
}
