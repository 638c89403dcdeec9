/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
import { error } from "../kit.ts";

const notFound = (message: string) => error("ResourceNotFoundException", message);

export const sourceNotFound = () => notFound("Requested Delivery Source does not exist in this account.");
export const vendedDestinationNotFound = () =>
  notFound("Requested Delivery Destination does not exist in this account.");
export const deliveryNotFound = () => notFound("Requested Delivery does not exist in this account.");
export const serviceUnknown = () => notFound("Cannot access provided service.");
export const logTypeInvalid = (logType: string, allowed: readonly string[]) =>
  error("ValidationException", `Invalid logType ${logType}. Supported values: ${allowed.join(", ")}.`);
export const sourceOfAnother = () =>
  error("ConflictException", "Update to existing Delivery Source with new ResourceId is not allowed.");
export const formatFixed = () =>
  error("ValidationException", "Update to existing Delivery Destination with new Output Format is not allowed.");
export const deliveryExists = () =>
  error("ConflictException", "Delivery already exists, with the same Delivery Source and Delivery Destination.");
export const sourceInUse = () => error("ConflictException", "The Delivery Source is in use by a Delivery.");
export const destinationInUse = () => error("ConflictException", "The Delivery Destination is in use by a Delivery.");
export const destinationTypeInvalid = () =>
  error("ValidationException", "The destination resource is not of a supported type.");
