/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
import { openAuthorizationMessage } from "../../service/authorization-message.ts";
import { messageInvalid } from "./errors.ts";
import { operation } from "./kit.ts";

export const decodeAuthorizationMessage = operation("DecodeAuthorizationMessage", {
  authorize: () => ({ action: "sts:DecodeAuthorizationMessage", resource: "*" }),

  async handle({ EncodedMessage }, { keys }) {
    const message = openAuthorizationMessage(keys, EncodedMessage);
    if (message === undefined) throw messageInvalid();
    return { DecodedMessage: message };
  },
});
