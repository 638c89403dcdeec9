/** `/forgotPassword` and `/confirmForgotPassword`: a code is sent, and shown with a new password. */
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import type { CognitoIdentityProviderSdk } from "../kit.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { formPage, requireForm } from "./form.ts";
import { redirect } from "./page.ts";
import { problemPage } from "./refusal.ts";
import { requireAppRequest, type AppRequest } from "./request.ts";
import { atPool, shownBy } from "./user-call.ts";

export const showForgotten: Site = async (request, context) =>
  forgottenPage(await requireAppRequest(request, context), {}, request, context);

export const takeForgotten: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const username = (requireForm(request, context).get("username") ?? "").trim();
  try {
    await requireUnblocked(asked, { type: "ForgotPassword", name: username }, context);
    await context.call<CognitoIdentityProviderSdk, "ForgotPassword">({
      ...atPool(asked),
      operation: "ForgotPassword",
      input: shownBy(asked, username, context),
    });
    return newPasswordPage(asked, { username }, request, context);
  } catch (error) {
    return problemPage(error, (problem) => forgottenPage(asked, { username, problem }, request, context));
  }
};

export const takeRecovery: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const username = typed.get("username") ?? "";
  const ConfirmationCode = (typed.get("code") ?? "").trim();
  const Password = typed.get("password") ?? "";
  try {
    await context.call<CognitoIdentityProviderSdk, "ConfirmForgotPassword">({
      ...atPool(asked),
      operation: "ConfirmForgotPassword",
      input: { ...shownBy(asked, username, context), ConfirmationCode, Password },
    });
    return redirect(`/login?${asked.query}`);
  } catch (error) {
    return problemPage(error, (problem) => newPasswordPage(asked, { username, problem }, request, context));
  }
};

interface Before {
  readonly username?: string;
  readonly problem?: string;
}

const forgottenPage = (
  { query, redirectUri }: AppRequest,
  { username = "", problem }: Before,
  request: SiteRequest,
  context: Context,
): SiteAnswer =>
  formPage(
    {
      title: "Forgot your password?",
      action: `/forgotPassword?${query}`,
      fields: [{ name: "username", label: "Username", autocomplete: "username", value: username }],
      button: "Reset my password",
      problem,
      leadsTo: redirectUri,
      links: { "Back to sign in": `/login?${query}` },
    },
    request,
    context,
  );

const newPasswordPage = (
  { query, redirectUri }: AppRequest,
  { username = "", problem }: Before,
  request: SiteRequest,
  context: Context,
): SiteAnswer =>
  formPage(
    {
      title: "Choose a new password",
      action: `/confirmForgotPassword?${query}`,
      fields: [
        { name: "code", label: "Verification code", autocomplete: "one-time-code" },
        { name: "password", label: "New password", kind: "password", autocomplete: "new-password" },
      ],
      hidden: { username },
      button: "Change password",
      problem,
      leadsTo: redirectUri,
    },
    request,
    context,
  );
