/** `/signup` and what follows: a user makes an account, and confirms it with the code that was sent. */
import { html } from "../../../kernel/html.ts";
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import type { CognitoIdentityProviderSdk } from "../kit.ts";
import type { Pool } from "../pool/pool-row.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { isNamedByAttribute, signsInWith } from "../user/user-row.ts";
import { formPage, requireForm } from "./form.ts";
import { page, redirect, type Field } from "./page.ts";
import { problemPage } from "./refusal.ts";
import { one, requireAppRequest, requireClientHere, type AppRequest } from "./request.ts";
import { atPool, shownBy } from "./user-call.ts";

export const showSignUp: Site = async (request, context) =>
  signUpPage(await requireAppRequest(request, context), new URLSearchParams(), request, context);

export const takeSignUp: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const username = (typed.get("username") ?? "").trim();
  const UserAttributes = attributesOf(asked.pool).flatMap((Name) => {
    const Value = (typed.get(`attribute:${Name}`) ?? "").trim();
    return Value === "" ? [] : [{ Name, Value }];
  });
  const Password = typed.get("password") ?? "";
  try {
    await requireUnblocked(asked, { type: "SignUp", name: undefined }, context);
    const { UserConfirmed } = await context.call<CognitoIdentityProviderSdk, "SignUp">({
      ...atPool(asked),
      operation: "SignUp",
      input: { ...shownBy(asked, username, context), Password, UserAttributes },
    });
    if (UserConfirmed === true) return redirect(`/login?${asked.query}`);
    return confirmPage(asked, { username }, request, context);
  } catch (error) {
    return problemPage(error, (problem) => signUpPage(asked, typed, request, context, problem));
  }
};

export const takeConfirmation: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const username = typed.get("username") ?? "";
  const ConfirmationCode = (typed.get("code") ?? "").trim();
  try {
    await context.call<CognitoIdentityProviderSdk, "ConfirmSignUp">({
      ...atPool(asked),
      operation: "ConfirmSignUp",
      input: { ...shownBy(asked, username, context), ConfirmationCode },
    });
    return redirect(`/login?${asked.query}`);
  } catch (error) {
    return problemPage(error, (problem) => confirmPage(asked, { username, problem }, request, context));
  }
};

/** The link in a mail. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html */
export const confirmByLink: Site = async (request, context) => {
  const at = await requireClientHere(request, context);
  const username = one(request.query, "user_name") ?? "";
  const ConfirmationCode = one(request.query, "confirmation_code") ?? "";
  try {
    await context.call<CognitoIdentityProviderSdk, "ConfirmSignUp">({
      ...atPool(at),
      operation: "ConfirmSignUp",
      input: { ...shownBy(at, username, context), ConfirmationCode },
    });
    return page({ title: "Confirmed", body: html`<p>Your registration has been confirmed!</p>` });
  } catch (error) {
    return problemPage(error, (problem) =>
      page({ title: "Not confirmed", body: html`<p role="alert">${problem}</p>`, status: 400 }),
    );
  }
};

function signUpPage(
  { pool, query, redirectUri }: AppRequest,
  typed: URLSearchParams,
  request: SiteRequest,
  context: Context,
  problem?: string,
): SiteAnswer {
  const attributes = attributesOf(pool).map((name): Field => {
    const value = typed.get(`attribute:${name}`) ?? "";
    return { name: `attribute:${name}`, label: name, autocomplete: "on", value };
  });
  const username = typed.get("username") ?? "";
  return formPage(
    {
      title: "Sign up",
      action: `/signup?${query}`,
      fields: [
        {
          name: "username",
          label: isNamedByAttribute(pool) ? "Email or phone number" : "Username",
          autocomplete: "username",
          value: username,
        },
        ...attributes,
        { name: "password", label: "Password", kind: "password", autocomplete: "new-password" },
      ],
      button: "Sign up",
      problem,
      leadsTo: redirectUri,
      links: { "Already have an account? Sign in": `/login?${query}` },
    },
    request,
    context,
  );
}

interface Confirming {
  readonly username: string;
  readonly problem?: string;
}

function confirmPage(
  { query, redirectUri }: AppRequest,
  { username, problem }: Confirming,
  request: SiteRequest,
  context: Context,
): SiteAnswer {
  return formPage(
    {
      title: "Confirm your account",
      action: `/confirm?${query}`,
      fields: [{ name: "code", label: "Verification code", autocomplete: "one-time-code" }],
      hidden: { username },
      button: "Confirm account",
      problem,
      leadsTo: redirectUri,
    },
    request,
    context,
  );
}

/** What a new user has to say: what the pool requires, and what it sends codes to. */
function attributesOf(pool: Pool): readonly string[] {
  const required = pool.schema.flatMap(({ Name = "", Required }) =>
    Required === true && Name !== "sub" ? [Name] : [],
  );
  const verified = pool.settings.AutoVerifiedAttributes ?? [];
  return [...new Set([...required, ...verified])].filter((name) => !signsInWith(pool, name));
}
