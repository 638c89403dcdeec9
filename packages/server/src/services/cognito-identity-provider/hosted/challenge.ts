/** What a sign-in asks beside the password: a new one, a second factor. Each question is a page. */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import type { CognitoIdentityProviderSdk } from "../kit.ts";
import { answer } from "../sign-in/answer.ts";
import type { Step } from "../sign-in/sign-in.ts";
import { enter } from "./entry.ts";
import { formPage, requireForm } from "./form.ts";
import type { Field } from "./page.ts";
import { clientWithoutPages, problemPage, signInOver } from "./refusal.ts";
import { requireAppRequest, type AppRequest } from "./request.ts";
import { atPool, shownBy } from "./user-call.ts";

type Name = NonNullable<Step["ChallengeName"]>;

/** Goes from page to page, sealed. */
interface Question {
  readonly name: Name;
  readonly session: string;
  readonly username: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What an authenticator app is set up with. */
  readonly secret?: string | undefined;
}

const PURPOSE = "cognito-idp question";

interface Visit {
  readonly asked: AppRequest;
  readonly request: SiteRequest;
  readonly username: string;
}

/** The next page, or the app. @throws {AwsError} */
export async function follow(step: Step, { asked, request, username }: Visit, context: Context): Promise<SiteAnswer> {
  const { entered, ChallengeName: name, Session: session, ChallengeParameters: parameters } = step;
  if (entered !== undefined) return enter(entered, asked, request, context);
  if (name === undefined || session === undefined) throw signInOver();
  const question: Question = { name, session, username, parameters };
  const ready = name === "MFA_SETUP" ? await withSecret(question, asked, context) : question;
  return questionPage(ready, { asked, request }, context);
}

export const takeAnswer: Site = async (request, context) => {
  const asked = await requireAppRequest(request, context);
  const typed = requireForm(request, context);
  const question = openQuestion(typed.get("question") ?? "", context);
  const { username } = question;
  try {
    const step = await answerWith(question, typed, asked, context);
    return await follow(step, { asked, request, username }, context);
  } catch (error) {
    const isOver = error instanceof AwsError && error.code === "NotAuthorizedException";
    return problemPage(error, (problem) =>
      isOver ? signInOver().answer : questionPage(question, { asked, request, problem }, context),
    );
  }
};

async function answerWith(
  { name, session, username, secret, parameters }: Question,
  typed: URLSearchParams,
  asked: AppRequest,
  context: Context,
): Promise<Step> {
  const { SECRET_HASH, USERNAME } = shownNames(asked, username, context);
  const fields = fieldsOf({ name, parameters }).map((field) => field.name);
  const responses = Object.fromEntries(fields.map((field) => [field, (typed.get(field) ?? "").trim()]));
  const given = { USERNAME, ...(SECRET_HASH !== undefined && { SECRET_HASH }), ...responses };
  if (secret === undefined) return answer({ ...asked, name, session, responses: given }, context);
  const { Session } = await context.call<CognitoIdentityProviderSdk, "VerifySoftwareToken">({
    ...atPool(asked),
    operation: "VerifySoftwareToken",
    input: { Session: session, UserCode: responses[SETUP_CODE] ?? "" },
  });
  return answer({ ...asked, name, session: Session, responses: given }, context);
}

function shownNames(asked: AppRequest, username: string, context: Context) {
  const { Username: USERNAME, SecretHash: SECRET_HASH } = {
    SecretHash: undefined,
    ...shownBy(asked, username, context),
  };
  return { USERNAME, SECRET_HASH };
}

async function withSecret(question: Question, asked: AppRequest, context: Context): Promise<Question> {
  const { Session: session = "", SecretCode: secret } = await context.call<
    CognitoIdentityProviderSdk,
    "AssociateSoftwareToken"
  >({ ...atPool(asked), operation: "AssociateSoftwareToken", input: { Session: question.session } });
  return { ...question, session, secret };
}

interface Showing {
  readonly asked: AppRequest;
  readonly request: SiteRequest;
  readonly problem?: string;
}

function questionPage(question: Question, { asked, request, problem }: Showing, context: Context): SiteAnswer {
  const { parameters, secret } = question;
  const sentTo = parameters["CODE_DELIVERY_DESTINATION"];
  const notes = [
    ...(sentTo === undefined ? [] : [`A code was sent to ${sentTo}.`]),
    ...(secret === undefined ? [] : [`Set up your authenticator app with this key: ${secret}`]),
  ];
  return formPage(
    {
      title: TITLES[question.name] ?? "Sign in",
      notes,
      action: `/challenge?${asked.query}`,
      fields: fieldsOf(question),
      hidden: { question: context.keys.seal(JSON.stringify(question), PURPOSE) },
      button: "Continue",
      problem,
      leadsTo: asked.redirectUri,
    },
    request,
    context,
  );
}

/** @throws {HostedRefusal} */
function openQuestion(sealed: string, { keys }: Pick<Context, "keys">): Question {
  const text = keys.open(sealed, PURPOSE);
  if (text === undefined) throw signInOver();
  const question: Question = JSON.parse(Buffer.from(text).toString("utf8"));
  return question;
}

const TITLES: Readonly<Partial<Record<Name, string>>> = {
  NEW_PASSWORD_REQUIRED: "Choose a new password",
  SELECT_MFA_TYPE: "Choose how to prove who you are",
  MFA_SETUP: "Set up an authenticator app",
};

const SETUP_CODE = "code";

const codeField = (name: string): readonly Field[] => [{ name, label: "Code", autocomplete: "one-time-code" }];

type Parameters = Question["parameters"];

const FIELDS: Readonly<Partial<Record<Name, (parameters: Parameters) => readonly Field[]>>> = {
  NEW_PASSWORD_REQUIRED: ({ requiredAttributes }) => [
    ...listed(requiredAttributes).map(attributeField),
    { name: "NEW_PASSWORD", label: "New password", kind: "password", autocomplete: "new-password" },
  ],
  SELECT_MFA_TYPE: ({ MFAS_CAN_CHOOSE }) => [
    { name: "ANSWER", label: "By", autocomplete: "off", options: listed(MFAS_CAN_CHOOSE) },
  ],
  SMS_MFA: () => codeField("SMS_MFA_CODE"),
  EMAIL_OTP: () => codeField("EMAIL_OTP_CODE"),
  SOFTWARE_TOKEN_MFA: () => codeField("SOFTWARE_TOKEN_MFA_CODE"),
  MFA_SETUP: () => codeField(SETUP_CODE),
};

/** What is to be typed in, under the names that answers have in the API. @throws {HostedRefusal} */
function fieldsOf({ name, parameters }: Pick<Question, "name" | "parameters">): readonly Field[] {
  const fields = FIELDS[name];
  if (fields === undefined) throw clientWithoutPages();
  return fields(parameters);
}

const attributeField = (name: string): Field => ({
  name,
  label: name.replace(/^userAttributes\./, ""),
  autocomplete: "on",
});

function listed(json: string | undefined): readonly string[] {
  const values: unknown = JSON.parse(json ?? "[]");
  return Array.isArray(values) ? values.map(String) : [];
}
