/**
 * Signing in to the portal. A user who has no password yet, or has forgotten it, gets a code by mail and chooses one.
 * Differs: AWS sends codes to users made by its API only where an administrator has said so, and lets administrators
 * hand out passwords besides; here mails lie in the outbox, and the code is the only way. There is no second factor.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/userswithoutpwd.html
 */
import { hiddenField, html } from "../../../kernel/html.ts";
import type { SiteAnswer } from "../../../service/site.ts";
import { isCode, isPassword, isStrong, newCode, setPassword } from "../password-row.ts";
import { beginSession, endSession } from "../portal-session.ts";
import { findUserBy, type User } from "../user-row.ts";
import { alert, field, page, redirect } from "./page.ts";
import { cookieFor, isOwnForm, NO_COOKIE, pathGiven, signedInBy, type PageMaker, type Visit } from "./visit.ts";

const USER_FIELD = { name: "user", label: "Username", type: "text", autocomplete: "username" } as const;
const PASSWORD_FIELD = {
  name: "password",
  label: "Password",
  type: "password",
  autocomplete: "current-password",
} as const;

/** The way to a page that only somebody who is signed in sees. */
export const signInFirst = ({ request }: Visit): SiteAnswer => {
  const query = request.query.toString();
  const to = query === "" ? request.path : `${request.path}?${query}`;
  return redirect(`/start/sign-in?to=${encodeURIComponent(to)}`);
};

export const showSignIn: PageMaker = async ({ request }) => userPage(pathGiven(request.query.get("to")));

const userPage = (to: string, wrong?: string): SiteAnswer =>
  page({
    title: "Sign in",
    body: html`${alert(wrong)}
      <form method="post" action="/start/sign-in">
        ${field(USER_FIELD)}${hiddenField("to", to)}<button>Next</button>
      </form>`,
  });

/** The second step is the same for everybody, so that nobody learns who is here. */
export const takeUser: PageMaker = async ({ form }) => passwordPage(form.get("user") ?? "", pathGiven(form.get("to")));

const passwordPage = (name: string, to: string, wrong?: string): SiteAnswer =>
  page({
    title: "Sign in",
    body: html`${alert(wrong)}
      <p>Username: <strong>${name}</strong></p>
      <form method="post" action="/start/password">
        ${field(PASSWORD_FIELD)}${hiddenField("user", name)}${hiddenField("to", to)}<button>Sign in</button>
      </form>
      <form method="post" action="/start/code">
        ${hiddenField("user", name)}${hiddenField("to", to)}<button>
          Mail me a code: I have no password, or forgot it
        </button>
      </form>`,
  });

export const takePassword: PageMaker = async (visit) => {
  const user = await findNamed(visit);
  const isRight = await isPassword(user, visit.form.get("password") ?? "", visit.context);
  const to = pathGiven(visit.form.get("to"));
  if (user && isRight) return enter(user, visit);
  return passwordPage(
    visit.form.get("user") ?? "",
    to,
    "We couldn't verify your sign-in credentials. Please try again.",
  );
};

export const takeForgotten: PageMaker = async (visit) => {
  const user = await findNamed(visit);
  return user ? sendCode(user, visit) : codePage(visit);
};

async function sendCode(user: User, visit: Visit): Promise<SiteAnswer> {
  const { context, instance } = visit;
  const [address] = user.attributes.Emails ?? [];
  if (address?.Value !== undefined) {
    const code = newCode(user, context);
    const text = [
      `Hello ${user.attributes.DisplayName ?? user.attributes.UserName},`,
      "",
      `your verification code for the AWS access portal ${instance.storeId} is ${code}.`,
      "It is good for ten minutes. Whoever has it can choose your password.",
    ];
    const message = {
      kind: "email",
      from: "no-reply@login.awsapps.com",
      to: address.Value,
      subject: "Your verification code",
      text: text.join("\n"),
    } as const;
    await context.post(message, instance);
  }
  return codePage(visit);
}

/** The same for everybody, too. */
const codePage = ({ form }: Visit, wrong?: string): SiteAnswer =>
  page({
    title: "Choose a password",
    body: html`${alert(wrong)}
      <p>We sent a verification code to the email address of <strong>${form.get("user") ?? ""}</strong>.</p>
      <form method="post" action="/start/new-password">
        ${field({ name: "code", label: "Verification code", type: "text", autocomplete: "one-time-code" })}
        ${field({ ...PASSWORD_FIELD, label: "New password", autocomplete: "new-password" })}
        <p>8 to 64 characters, with upper case, lower case, a number and another character.</p>
        ${hiddenField("user", form.get("user") ?? "")}${hiddenField("to", pathGiven(form.get("to")))}<button>
          Set password
        </button>
      </form>`,
  });

export const takeNewPassword: PageMaker = async (visit) => {
  const { context, form } = visit;
  const user = await findNamed(visit);
  const password = form.get("password") ?? "";
  if (!isStrong(password)) return codePage(visit, "The password does not meet the requirements.");
  if (!user || !(await isCode(user, form.get("code") ?? "", context))) {
    return codePage(visit, "The verification code is not valid.");
  }
  await setPassword(user, password, context);
  return enter(user, visit);
};

export const signOut: PageMaker = async (visit) => {
  const signedIn = await signedInBy(visit);
  if (signedIn && isOwnForm(signedIn, visit)) endSession(visit.context, signedIn.session.id);
  return redirect("/start/sign-in", NO_COOKIE);
};

function enter(user: User, visit: Visit): SiteAnswer {
  const session = beginSession(visit.instance, user, visit.context);
  return redirect(pathGiven(visit.form.get("to")), cookieFor(session, visit));
}

const findNamed = ({ form, context, instance }: Visit): Promise<User | undefined> =>
  findUserBy("UserName", form.get("user") ?? "", { storeId: instance.storeId, tx: context.tx });
