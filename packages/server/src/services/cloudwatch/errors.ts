/**
 * The errors of CloudWatch, each once.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html, answers of AWS that were
 * recorded (https://github.com/localstack/localstack/tree/main/tests/aws/services/cloudwatch) and what its clients expect
 * (https://github.com/getmoto/moto/tree/master/tests/test_cloudwatch)
 */
import { error, unmodelled } from "./kit.ts";
import { DATAPOINTS_PER_CALL_MAX } from "./limits.ts";

export const invalidValue = (message: string) => error("InvalidParameterValueException", message);
export const invalidCombination = (message: string) => error("InvalidParameterCombinationException", message);
const missingParameter = (message: string) => error("MissingRequiredParameterException", message);
export const validation = (message: string) => error("ValidationException", message);

export const valueInvalid = (value: string | number, parameter: string) =>
  invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
export const notBoth = (one: string, other: string) =>
  invalidCombination(`The parameters ${one} and ${other} are mutually exclusive and you have specified both.`);
export const oneOf = (one: string, other: string) =>
  missingParameter(`At least one of the parameters ${one} and ${other} must be specified.`);
export const tooMany = (collection: string, max: number) =>
  invalidValue(`The collection ${collection} must not have a size greater than ${max}.`);
export const required = (parameter: string) => missingParameter(`The parameter ${parameter} is required.`);
export const notOfSameSize = (one: string, other: string) =>
  invalidValue(`The parameters ${one} and ${other} must be of the same size.`);
export const tooOld = (parameter: string) =>
  invalidValue(`The parameter ${parameter} must specify a time within the past two weeks.`);
export const tooFarAhead = (parameter: string) =>
  invalidValue(`The parameter ${parameter} must specify a time no more than two hours in the future.`);
export const invalidToken = () => error("InvalidNextToken", "Request parameter NextToken is invalid");

export const timesInvalid = () => invalidValue("The parameter StartTime must be less than the parameter EndTime.");
export const statisticsMissing = () => invalidCombination("Must specify either Statistics or ExtendedStatistics");
export const tooManyDatapoints = (count: number) =>
  invalidCombination(
    `You have requested up to ${count} datapoints, which exceeds the limit of ${DATAPOINTS_PER_CALL_MAX}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
export const timesEqual = () => validation("The parameter StartTime must not equal parameter EndTime.");
export const timesReversed = () => validation("The parameter EndTime must be greater than StartTime.");
export const statRequired = (query: string) => validation(`The parameter ${query}.MetricStat is required.\n`);
export const expressionOrStat = (query: string) =>
  validation(
    `The parameters ${query}.Expression and ${query}.MetricStat are mutually exclusive and you have specified both.`,
  );
export const idInvalid = (id: string, query: string) =>
  validation(`The value ${id} for parameter ${query}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
export const idsRepeated = () =>
  validation("The values for parameter id in parameter MetricDataQueries are not unique.");
export const statInvalid = (stat: string, query: string) =>
  validation(`The value ${stat} for parameter ${query}.MetricStat.Stat is not supported.`);
export const periodInvalid = (parameter: string) => validation(`The parameter ${parameter} must be a multiple of 60.`);
export const expressionFault = (id: string, fault: string) => validation(`Error in expression '${id}': ${fault}`);

export const notFound = () => error("ResourceNotFound", "");
export const arnInvalid = (arn: string) => validation(`Invalid arn syntax: ${arn}`);
export const regionInvalid = (given: string, region: string) =>
  validation(`Invalid region ${given} specified. Only ${region} is supported.`);
export const checkedTooLong = (days: number) =>
  validation(
    days === 1
      ? "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
      : "Metrics cannot be checked across more than 7 days (EvaluationPeriods * Period must be <= 604800).",
  );
export const alarmPeriodInvalid = () => validation("Period must be 10, 20, 30 or a multiple of 60");
export const extendedUnsupported = (stat: string) =>
  invalidValue(`The value ${stat} for parameter ExtendedStatistic is not supported.`);
export const lowSamplesUnsupported = (option: string) =>
  validation(
    `Option ${option} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.`,
  );
export const treatmentUnsupported = (option: string) =>
  validation(
    `Option ${option} is not supported. Supported options for parameter TreatMissingData are breaching, notBreaching, ignore, and missing.`,
  );
export const tooManyToAlarm = () => validation("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
export const notOneReturned = () => validation("Exactly one element of the metrics list should return data.");
export const notOneSeries = () => validation("The expression of an alarm must return a single time series.");
export const metricMissing = () => validation("Either MetricName or Metrics must be specified");
export const metricAndMetrics = () => validation("MetricName and Metrics must not be specified at the same time");
export const searchInAlarm = () => validation("SEARCH is not supported on Metric Alarms.");
export const namespaceMissing = () => validation("Namespace must be specified when MetricName is specified");
export const periodMissing = () => validation("Period must be specified");
export const statisticMissing = () => validation("Exactly one of Statistic and ExtendedStatistic must be specified");
export const periodsMissing = () => required("EvaluationPeriods");
export const comparisonMissing = () => required("ComparisonOperator");
export const thresholdMissing = () => validation("Threshold must be specified");
export const ruleInvalid = (fault: string) => validation(`Invalid AlarmRule: ${fault}`);
export const childrenMissing = (names: readonly string[]) =>
  validation(`Could not save the composite alarm as alarms [${names.join(", ")}] in the alarm rule do not exist`);
export const suppressorMissing = (name: string) =>
  validation(`Could not save the composite alarm as the suppressor alarm ${name} does not exist`);
export const suppressorPeriods = () =>
  validation(
    "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be specified together with ActionsSuppressor",
  );
export const ruleInCircle = () => validation("Could not save the composite alarm as it would depend on itself");
export const ruleTooLarge = (max: number) => validation(`The alarm rule must not have more than ${max} elements`);
export const otherKind = (name: string) => validation(`An alarm of another type with the name ${name} exists already`);
export const tooManyComposites = () => validation("Only one composite alarm can be deleted in one call");
/** Source: https://github.com/ekristen/aws-nuke/issues/462, https://github.com/cloud-custodian/cloud-custodian/issues/7763 (AWS's words) */
export const alarmsInRules = (names: readonly string[]) =>
  validation(
    `Cannot delete ${names.join(",")} as there are composite alarm(s) depending on ${names.length === 1 ? "it" : "them"}.`,
  );
export const reasonDataInvalid = () => error("InvalidFormatFault", "StateReasonData was not valid JSON");
export const notBuilt = (what: string) =>
  unmodelled("NotImplemented", `Kumobako does not implement ${what} of CloudWatch yet.`);

export const muteExpressionInvalid = (expression: string) =>
  validation(`The schedule expression ${expression} is invalid.`);
export const muteDurationInvalid = (duration: string) =>
  validation(`The duration ${duration} is invalid: it must be between PT1M and P15D.`);
export const muteZoneInvalid = (timezone: string) => validation(`The timezone ${timezone} is invalid.`);
export const muteTimesInvalid = () => validation("StartDate must be before ExpireDate.");
export const muteRuleNotFound = (name: string) =>
  error("ResourceNotFoundException", `Alarm mute rule ${name} does not exist`);
export const tooManyMuteRules = () => error("LimitExceededFault", "The number of alarm mute rules exceeds the limit");

export const definitionInvalid = (fault: string) => invalidValue(`The rule definition is invalid: ${fault}.`);
export const ruleStateInvalid = (state: string) => valueInvalid(state, "RuleState");
export const tooManyInsightRules = () =>
  error("LimitExceededException", "The number of insight rules exceeds the limit");
export const reportTooLarge = (events: number) =>
  invalidValue(`The report would look at more than ${events} log events. Ask for a shorter time.`);
export const insightRuleNotFound = (name: string) =>
  error("ResourceNotFoundException", `The rule ${name} does not exist`);

export const alarmMissing = (name: string) => error("ResourceNotFoundException", `The alarm ${name} does not exist`);

export const resourceNotFound = () => error("ResourceNotFoundException", "Unknown");
export const tooManyTags = () => validation("The number of tags exceeds the limit of 50");
export const tagReserved = (key: string) =>
  validation(`The tag key ${key} is invalid: keys that begin with aws: are reserved`);

export const dashboardNameInvalid = () =>
  invalidValue(
    "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n",
  );
export const dashboardNotFound = (name: string) => error("DashboardNotFoundError", `Dashboard ${name} does not exist`);
export const dashboardsNotFound = (names: readonly string[]) =>
  error("DashboardNotFoundError", `The specified dashboard does not exist. [${names.join(", ")}]`);
export const dashboardInvalid = (problems: readonly { readonly DataPath: string; readonly Message: string }[]) =>
  error(
    "DashboardInvalidInputError",
    `The field DashboardBody must be a valid JSON object and is invalid: ${problems.map(({ Message }) => Message).join(", ")}`,
    { dashboardValidationMessages: problems },
  );
export const dashboardNamesMissing = () =>
  invalidValue("The collection DashboardNames must have a size greater than 0.");

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;
