/** The access portal's pages, and the authorization endpoint that leads to them. */
import { findOwn } from "../../../kernel/lookup.ts";
import { isFromHere } from "../../../service/form-origin.ts";
import type { Site } from "../../../service/site.ts";
import { instanceOfStore } from "../instance-row.ts";
import { storeIdInHost } from "../portal-address.ts";
import { authorize } from "./authorize.ts";
import { showConsole } from "./console.ts";
import { showAuthorization, showDevice, takeAuthorization, takeDevice } from "./consent.ts";
import { showHome } from "./home.ts";
import { problem, redirect } from "./page.ts";
import { showSignIn, signOut, takeForgotten, takeNewPassword, takePassword, takeUser } from "./sign-in.ts";
import type { PageMaker } from "./visit.ts";

const PAGES: Readonly<Record<string, PageMaker | undefined>> = {
  "GET /start": showHome,
  "GET /start/console": showConsole,
  "GET /start/sign-in": showSignIn,
  "POST /start/sign-in": takeUser,
  "POST /start/password": takePassword,
  "POST /start/code": takeForgotten,
  "POST /start/new-password": takeNewPassword,
  "POST /start/sign-out": signOut,
  "GET /start/device": showDevice,
  "POST /start/device": takeDevice,
  "GET /start/authorize": showAuthorization,
  "POST /start/authorize": takeAuthorization,
};

export const portalSite: Site = async (request, context) => {
  const storeId = storeIdInHost(request.host);
  if (storeId === undefined) return authorize(request, context);
  const instance = await instanceOfStore(storeId, context.tx);
  if (!instance) return problem(404, "There is no access portal of this name.");
  const path = request.path.replace(/\/$/, "");
  if (path === "") return redirect("/start");
  const method = request.method === "HEAD" ? "GET" : request.method;
  const make = findOwn(PAGES, `${method} ${path}`);
  if (!make) return problem(404, "There is no such page.");
  if (method === "POST" && !isFromHere(request)) return problem(403, "The form is from another site.");
  return make({ request, context, instance, form: new URLSearchParams(request.body) });
};
