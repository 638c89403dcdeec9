/** The AWS CLI command that a call equals. */

/** S3's API is under `s3api` there. */
const CLI_SERVICES: Readonly<Record<string, string>> = { s3: "s3api" };

/** Operations whose answer has a body: the CLI wants to be told, at the end, where to write it. */
const WITH_BODY: ReadonlySet<string> = new Set(["GetObject"]);

/** Members that the CLI calls otherwise, since it has an option of that name itself. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Subscribe: { Endpoint: "notification-endpoint" },
};

export function commandLine(service: string, operation: string, input: object): string {
  const options = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => option(OTHER_NAMES[operation]?.[name] ?? kebab(name), value));
  const outfile = WITH_BODY.has(operation) ? ["/dev/stdout"] : [];
  return ["aws", CLI_SERVICES[service] ?? service, kebab(operation), ...options, ...outfile].join(" ");
}

/** As the AWS CLI names things: `AssumeRoleWithSAML` is `assume-role-with-saml`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** Truths are flags there. */
function option(name: string, value: unknown): string {
  if (typeof value === "boolean") return value ? `--${name}` : `--no-${name}`;
  return `--${name} ${argument(value)}`;
}

function argument(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.map(quoted).join(" ");
  return quoted(JSON.stringify(value));
}

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
