/**
 * The errors of annotations, each once, in AWS's words.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html (Errors)
 */
import { invalidRequest } from "../errors.ts";
import { error } from "../kit.ts";

export const noSuchAnnotation = (name: string) =>
  error("NoSuchAnnotation", "The specified annotation does not exist on this object.", { AnnotationName: name });
export const annotationLimitExceeded = () =>
  error("AnnotationLimitExceeded", "The request would exceed the maximum number of annotations allowed per object.");
export const annotationNameTooLong = () => error("AnnotationNameTooLong", "The annotation name exceeds 512 bytes.");
export const invalidAnnotationName = () =>
  error("InvalidAnnotationName", "The annotation name you provided is invalid.");
export const annotationNotText = () =>
  error("UnsupportedMediaType", "The annotation payload is not valid UTF-8 encoded text.");
/** Assumed: the bounds are documented, the words are not. */
export const annotationSizeWrong = () =>
  invalidRequest("The annotation payload must be between 1 byte and 1 MiB in size.");
export const annotationsNotTaken = () =>
  invalidRequest("Objects encrypted with server-side encryption with customer-provided keys cannot have annotations.");
