/**
 * What a dashboard's body has to be.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
import { findOwn } from "../../kernel/lookup.ts";

export interface Problem {
  readonly DataPath: string;
  readonly Message: string;
}

interface Problems {
  /** The dashboard is not saved. */
  readonly fatal: readonly Problem[];
  /** It is, and they are told. */
  readonly warnings: readonly Problem[];
}

const WIDGETS_MAX = 500;
const WIDTH_MAX = 24;
const HEIGHT_MAX = 1000;
const TYPES = ["metric", "text", "log", "alarm", "explorer", "custom"];

export function problemsOf(body: string): Problems {
  const parsed = parse(body);
  if (!isObject(parsed)) {
    return {
      fatal: [{ DataPath: "/", Message: "The dashboard body is invalid, a JSON object is expected" }],
      warnings: [],
    };
  }
  const { widgets } = parsed;
  if (!Array.isArray(widgets)) {
    return {
      fatal: [{ DataPath: "/", Message: "The dashboard body is missing the required property widgets" }],
      warnings: [],
    };
  }
  if (widgets.length > WIDGETS_MAX) {
    return {
      fatal: [{ DataPath: "/widgets", Message: `No more than ${WIDGETS_MAX} widgets are allowed` }],
      warnings: [],
    };
  }
  const all = widgets.map((widget: unknown, index) => problemsOfWidget(widget, `/widgets/${index}`));
  return { fatal: all.flatMap(({ fatal }) => fatal), warnings: all.flatMap(({ warnings }) => warnings) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Parsed = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parsed =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function problemsOfWidget(widget: unknown, path: string): Problems {
  if (!isObject(widget)) return { fatal: [{ DataPath: path, Message: "Should be object" }], warnings: [] };
  const { type, properties } = widget;
  const fatal: Problem[] = [...placeProblems(widget, path)];
  if (type === undefined) fatal.push({ DataPath: path, Message: "Should have required property 'type'" });
  else if (typeof type !== "string" || !TYPES.includes(type)) {
    fatal.push({ DataPath: `${path}/type`, Message: "Should be equal to one of the allowed values" });
  }
  if (!isObject(properties)) {
    fatal.push({ DataPath: path, Message: "Should have required property 'properties'" });
    return { fatal, warnings: [] };
  }
  const { fatal: inside, warnings } = propertyProblems(String(type), properties, `${path}/properties`);
  return { fatal: [...fatal, ...inside], warnings };
}

function* placeProblems(widget: Parsed, path: string): Generator<Problem> {
  for (const [name, least, most] of [
    ["x", 0, WIDTH_MAX - 1],
    ["y", 0, Number.MAX_SAFE_INTEGER],
    ["width", 1, WIDTH_MAX],
    ["height", 1, HEIGHT_MAX],
  ] as const) {
    const value = widget[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isInteger(value)) {
      yield { DataPath: `${path}/${name}`, Message: "Should be integer" };
    } else if (value < least) yield { DataPath: `${path}/${name}`, Message: `Should be >= ${least}` };
    else if (value > most) yield { DataPath: `${path}/${name}`, Message: `Should be <= ${most}` };
  }
}

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  text: ["markdown"],
  log: ["query", "region"],
  alarm: ["alarms"],
  custom: ["endpoint"],
};

function propertyProblems(type: string, properties: Parsed, path: string): Problems {
  const missing = (findOwn(REQUIRED, type) ?? []).filter((name) => properties[name] === undefined);
  const fatal = missing.map((name) => ({ DataPath: path, Message: `Should have required property '${name}'` }));
  if (type !== "metric") return { fatal, warnings: [] };
  const { metrics, annotations, region } = properties;
  if (metrics === undefined && annotations === undefined) {
    fatal.push({ DataPath: path, Message: "Should have required property 'metrics'" });
  }
  const warnings = region === undefined ? [{ DataPath: path, Message: "Should have required property 'region'" }] : [];
  return { fatal: [...fatal, ...metricProblems(metrics, `${path}/metrics`)], warnings };
}

function metricProblems(metrics: unknown, path: string): Problem[] {
  if (metrics === undefined) return [];
  if (!Array.isArray(metrics)) return [{ DataPath: path, Message: "Should be array" }];
  return metrics.flatMap((metric: unknown, index): Problem[] =>
    Array.isArray(metric) ? [] : [{ DataPath: `${path}/${index}`, Message: "Should be array" }],
  );
}
