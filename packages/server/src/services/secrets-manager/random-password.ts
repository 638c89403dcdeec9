/** Passwords drawn by chance. Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
import { newSecretBytes } from "../../kernel/ids.ts";
import { passwordNoCharacters, passwordTooShort } from "./errors.ts";
import { operation } from "./kit.ts";
import { PASSWORD_CHARACTERS_USUAL } from "./limits.ts";

const LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
const UPPERCASE = LOWERCASE.toUpperCase();
const NUMBERS = "0123456789";
const SPACE = " ";
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export const getRandomPassword = operation("GetRandomPassword", {
  authorize: () => ({ action: "secretsmanager:GetRandomPassword", resource: "*" }),

  async handle(input) {
    const { PasswordLength: length = PASSWORD_CHARACTERS_USUAL, RequireEachIncludedType: each = true } = input;
    const kinds = kindsOf(input);
    if (kinds.length === 0) throw passwordNoCharacters();
    // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html (RequireEachIncludedType: not the space)
    const required = each ? kinds.filter((kind) => kind !== SPACE) : [];
    if (length < required.length) throw passwordTooShort();
    const drawn = required.map(drawnOf);
    const all = kinds.join("");
    while (drawn.length < length) drawn.push(drawnOf(all));
    return { RandomPassword: shuffled(drawn).join("") };
  },
});

interface Wanted {
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
}

/** The characters of each kind that may be drawn. */
function kindsOf(wanted: Wanted): readonly string[] {
  const excluded = new Set(wanted.ExcludeCharacters ?? "");
  return [
    wanted.ExcludeLowercase === true ? "" : LOWERCASE,
    wanted.ExcludeUppercase === true ? "" : UPPERCASE,
    wanted.ExcludeNumbers === true ? "" : NUMBERS,
    wanted.ExcludePunctuation === true ? "" : PUNCTUATION,
    wanted.IncludeSpace === true ? SPACE : "",
  ]
    .map((kind) =>
      Array.from(kind)
        .filter((character) => !excluded.has(character))
        .join(""),
    )
    .filter((kind) => kind !== "");
}

/** Each as likely as any other: of a byte's values those are left out that would favour some. */
function below(count: number): number {
  const fair = 256 - (256 % count);
  for (;;) {
    const [byte = 0] = newSecretBytes(1);
    if (byte < fair) return byte % count;
  }
}

const drawnOf = (characters: string): string => characters.charAt(below(characters.length));

/** By places that are drawn too. */
function shuffled(drawn: readonly string[]): readonly string[] {
  return drawn
    .map((character) => ({ character, place: Buffer.from(newSecretBytes(6)).readUIntBE(0, 6) }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ character }) => character);
}
