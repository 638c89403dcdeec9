import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { fire } from "./fire.ts";
import { createScheduleGroup, deleteScheduleGroup, emptyGroup, getScheduleGroup, listScheduleGroups } from "./group.ts";
import { call } from "./invocation.ts";
import type { SchedulerSdk } from "./kit.ts";
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from "./schedule.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";

export const scheduler = defineService<SchedulerSdk>("scheduler", {
  operations: [
    createScheduleGroup,
    getScheduleGroup,
    listScheduleGroups,
    deleteScheduleGroup,
    createSchedule,
    getSchedule,
    listSchedules,
    updateSchedule,
    deleteSchedule,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
  jobs: { fire, emptyGroup },
  errands: { call },
  unmodelledErrors: UNMODELLED_ERRORS,
});
