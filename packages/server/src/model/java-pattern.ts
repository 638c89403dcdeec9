/**
 * AWS's patterns are Java's regular expressions, and the whole value must match. They are rewritten
 * for JavaScript here; the few that cannot be, or that look unsafe, check less rather than wrongly.
 */
import { createContext, Script, type Context } from "node:vm";
import { findOwn } from "../kernel/lookup.ts";

export interface JavaPattern {
  readonly source: string;
  /** Whether `value` matches; also where that could not be found out within `WATCHED_MS_MAX`. */
  accepts(value: string): boolean;
}

/** `undefined` where JavaScript has nothing like it. */
export function compileJavaPattern(source: string): JavaPattern | undefined {
  const translated = new Translator(source).translate();
  if (translated === undefined) return undefined;
  const expression = compile(translated);
  if (expression === undefined) return undefined;
  const loops = countLoops(source);
  return {
    source,
    accepts: (value) => (isQuick(loops, value.length) ? expression.test(value) : acceptsWatched(expression, value)),
  };
}

function compile({ body, flags }: Translated): RegExp | undefined {
  try {
    return new RegExp(`^(?:${body})$`, `u${flags}`);
  } catch {
    // What is left in Java's own syntax.
    return undefined;
  }
}

interface Translated {
  readonly body: string;
  readonly flags: string;
}

/** Java's names for classes that JavaScript has only in ASCII terms. */
const POSIX: Readonly<Record<string, string>> = {
  Alnum: "a-zA-Z0-9",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`\\{-~",
  ASCII: "\\u0000-\\u007F",
  Graph: "!-~",
  Print: "\\u0020-~",
  Space: "\\t\\n\\u000B\\f\\r\\u0020",
  Blank: "\\t\\u0020",
};

const SYNTAX = /[\^$\\.*+?()[\]{}|/-]/;

class Translator {
  readonly #source: string;
  #at = 0;
  #body = "";
  #inClass = false;
  #classStart = 0;

  constructor(source: string) {
    this.#source = source;
  }

  translate(): Translated | undefined {
    const flags = /^\(\?([is]+)\)/.exec(this.#source);
    this.#at = flags?.[0].length ?? 0;
    while (this.#at < this.#source.length) {
      const piece = this.#next();
      if (piece === undefined) return undefined;
      this.#body += piece;
    }
    return { body: this.#body, flags: flags?.[1] ?? "" };
  }

  #next(): string | undefined {
    const character = this.#source[this.#at] ?? "";
    if (character === "\\") return this.#escape();
    this.#at++;
    return this.#inClass ? this.#insideClass(character) : this.#outsideClass(character);
  }

  #escape(): string | undefined {
    const rest = this.#source.slice(this.#at);
    const [property, not, name = ""] = /^\\([pP])\{(?:Is)?(\w+)\}/.exec(rest) ?? [];
    if (property !== undefined) {
      this.#at += property.length;
      return this.#property(not === "P", name);
    }
    const [code] = /^\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})/.exec(rest) ?? [];
    if (code !== undefined) {
      this.#at += code.length;
      return code;
    }
    this.#at += 2;
    return this.#escaped(rest[1] ?? "");
  }

  #property(isNegated: boolean, name: string): string | undefined {
    const posix = findOwn(POSIX, name);
    if (posix === undefined) return `\\${isNegated ? "P" : "p"}{${name}}`;
    if (this.#inClass) return isNegated ? undefined : posix;
    return `[${isNegated ? "^" : ""}${posix}]`;
  }

  #escaped(character: string): string | undefined {
    if (/[dDwWsStnrfv]/.test(character)) return `\\${character}`;
    if (/[bB1-9]/.test(character) && !this.#inClass) return `\\${character}`;
    if (character === "A") return "^";
    if (character === "z" || character === "Z") return "$";
    if (/[a-zA-Z0-9]/.test(character)) return undefined;
    return SYNTAX.test(character) ? this.#literal(character) : character;
  }

  /** A hyphen may only be escaped in a class, and need be only there. */
  #literal(character: string): string {
    return character === "-" && !this.#inClass ? "-" : `\\${character}`;
  }

  #insideClass(character: string): string | undefined {
    const following = this.#source.slice(this.#at, this.#at + 2);
    if (character === "[" || (character === "&" && following.startsWith("&"))) return undefined;
    if (character === "]" && this.#body.length > this.#classStart) {
      this.#inClass = false;
      return "]";
    }
    if (character === "-") {
      // Beside a class such as \w a hyphen is only itself.
      const besideClass = /\\[dDwWsS]$|\}$/.test(this.#body) || /^\\[dDwWsSpP]/.test(following);
      return besideClass || following.startsWith("]") ? "\\-" : "-";
    }
    return SYNTAX.test(character) && character !== "^" ? `\\${character}` : character;
  }

  #outsideClass(character: string): string | undefined {
    switch (character) {
      case "[": {
        const negation = this.#source[this.#at] === "^" ? "^" : "";
        this.#at += negation.length;
        this.#inClass = true;
        this.#classStart = this.#body.length + 1 + negation.length;
        return `[${negation}`;
      }
      case "]":
      case "}":
        return `\\${character}`;
      case "{":
        return this.#braces();
      case "+":
        // Possessive: what it keeps from being tried again would not have matched here either.
        return /(?:[*+?]|\{\d+(?:,\d*)?\})$/.test(this.#body) && !/\\.$/.test(this.#body) ? "" : "+";
      case "(":
        return this.#group();
      default:
        return character;
    }
  }

  #braces(): string {
    const [quantifier] = /^\d+(?:,\d*)?\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (quantifier === undefined) return "\\{";
    this.#at += quantifier.length;
    return `{${quantifier}`;
  }

  #group(): string {
    if (!this.#source.startsWith("?>", this.#at)) return "(";
    this.#at += 2;
    return "(?:";
  }
}

interface Loops {
  /** Repetitions without an upper end, or with a large one. */
  readonly count: number;
  /** Whether one may stand in another. */
  readonly nested: boolean;
}

function countLoops(source: string): Loops {
  const bare = source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gs, "x");
  const count = bare.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  return { count, nested: /\)(?:[*+]|\{\d+,?\d*\})/.test(bare) && count > 1 };
}

/** Steps that a match may take without being watched. */
const STEPS_MAX = 100_000;

/** A pattern with `count` repetitions takes, at worst, as many steps as the length to that power. */
const isQuick = ({ count, nested }: Loops, length: number): boolean =>
  count < 2 || (!nested && length ** count <= STEPS_MAX);

/** That a value may take of the processor. */
const WATCHED_MS_MAX = 50;
/** How often others may have the processor all that time. */
const TRIES_MAX = 20;

const watched = new Script("expression.test(value)");
let context: Context | undefined;

/** Differs: AWS's engine takes as long as it takes; here a value that would take too long passes. */
function acceptsWatched(expression: RegExp, value: string): boolean {
  context ??= createContext({});
  context["expression"] = expression;
  context["value"] = value;
  const before = process.threadCpuUsage();
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    try {
      return watched.runInContext(context, { timeout: WATCHED_MS_MAX }) === true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 >= WATCHED_MS_MAX) return true;
    }
  }
  return true;
}

/** The error is of the other context, and no `Error` of this one. */
const isTimeout = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
