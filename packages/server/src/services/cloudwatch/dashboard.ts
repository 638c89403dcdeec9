/** Dashboards: kept, and held to the rules of their bodies. */
import type { DashboardValidationMessage } from "@aws-sdk/client-cloudwatch";
import { page } from "../../kernel/page.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { problemsOf } from "./dashboard-body.ts";
import { dashboards } from "./dashboard-row.ts";
import {
  dashboardInvalid,
  dashboardNameInvalid,
  dashboardNamesMissing,
  dashboardNotFound,
  dashboardsNotFound,
  invalidToken,
} from "./errors.ts";
import { dashboardArn, operation } from "./kit.ts";
import { DASHBOARDS_PER_PAGE } from "./limits.ts";
import { tagsOf } from "./tag.ts";

const on = async (action: string, name: string, context: Context): Promise<Access> => ({
  action: `cloudwatch:${action}`,
  resource: dashboardArn(context, name),
  resourceTags: (await context.tx.get(dashboards, name))?.tags,
});

export const putDashboard = operation("PutDashboard", {
  async authorize({ DashboardName: name, Tags = [] }, context) {
    const saving = { ...(await on("PutDashboard", name, context)), requestTags: tagsOf(Tags) };
    return Tags.length === 0 ? [saving] : [saving, { ...saving, action: "cloudwatch:TagResource" }];
  },

  async handle({ DashboardName: name, DashboardBody: body, Tags = [] }, context) {
    if (!/^[\w-]{1,255}$/.test(name)) throw dashboardNameInvalid();
    const { fatal, warnings } = problemsOf(body);
    if (fatal.length > 0) throw dashboardInvalid(fatal);
    // those of a dashboard that is there are changed by TagResource alone
    const tags = (await context.tx.get(dashboards, name))?.tags ?? tagsOf(Tags);
    context.tx.put(dashboards, { name, body, modifiedAtMs: context.now().getTime(), tags });
    return { DashboardValidationMessages: warnings.map((problem): DashboardValidationMessage => ({ ...problem })) };
  },
});

export const getDashboard = operation("GetDashboard", {
  authorize: ({ DashboardName }, context) => on("GetDashboard", DashboardName, context),

  async handle({ DashboardName: name }, context) {
    const found = await context.tx.get(dashboards, name);
    if (found === undefined) throw dashboardNotFound(name);
    return { DashboardName: name, DashboardArn: dashboardArn(context, name), DashboardBody: found.body };
  },
});

export const listDashboards = operation("ListDashboards", {
  authorize: () => ({ action: "cloudwatch:ListDashboards", resource: "*" }),

  async handle({ DashboardNamePrefix: startsWith, NextToken: token }, context) {
    const asked = { startsWith, token, max: DASHBOARDS_PER_PAGE, invalidToken };
    const { rows, next } = await page(context.tx, dashboards, asked);
    const DashboardEntries = rows.map(({ name, body, modifiedAtMs }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(context, name),
      LastModified: new Date(modifiedAtMs),
      Size: Buffer.byteLength(body),
    }));
    return { DashboardEntries, ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteDashboards = operation("DeleteDashboards", {
  authorize: ({ DashboardNames }, context) =>
    Promise.all(DashboardNames.map((name) => on("DeleteDashboards", name, context))),

  async handle({ DashboardNames: names }, context) {
    if (names.length === 0) throw dashboardNamesMissing();
    const missing: string[] = [];
    for (const name of names) if ((await context.tx.get(dashboards, name)) === undefined) missing.push(name);
    // all of them, or none
    if (missing.length > 0) throw dashboardsNotFound(missing);
    for (const name of names) context.tx.delete(dashboards, name);
    return {};
  },
});
