import type { Lab } from "../lab.ts";
import { photos } from "./s33-photos.ts";

export const s33: Lab = {
  id: "S33",
  title: "Faces in a live video, and photos that are looked at as they come",
  proves: ["lambda-blueprint-rekognition-events"],
  async run(teller) {
    teller.notBuilt("A collection learns whose face it is.", "Rekognition");
    teller.notBuilt("A camera's video is searched for faces while it comes in.", "Kinesis Video Streams");
    teller.notBuilt("What was found is read from a stream by its consumers.", "Kinesis Data Streams");
    await photos(teller);
  },
};
