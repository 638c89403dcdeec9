import type { Lab } from "../lab.ts";
import { mobilePush } from "./s40-mobile-push.ts";
import { rotation } from "./s40-rotation.ts";

export const s40: Lab = {
  id: "S40",
  title: "A serverless API, mobile push, functions in a VPC, a call centre, and a site that is relieved",
  proves: ["mobile-immediate-data-design", "sns-silent-push", "secrets-rotation-only-secretsmanager"],
  async run(teller) {
    teller.notBuilt("An API asks for a token, calls a function and keeps an item.", "API Gateway");
    await mobilePush(teller);
    teller.notBuilt("A function in a VPC reaches the world through a NAT gateway alone.", "EC2");
    await rotation(teller);
    teller.notBuilt("A task gets its database's password, also when that was rotated.", "Amazon ECS");
    teller.notBuilt("The site on premises is asked once where a hundred ask CloudFront.", "CloudFront");
    teller.notBuilt("A health check fails over, and a private zone answers in its VPC alone.", "Route 53");
    teller.notBuilt("A caller asks for the state of an order, and a function answers.", "Amazon Connect");
    teller.notBuilt("Tens of terabytes come by a device, what changed since by VPN.", "Snowball");
  },
};
