import assert from "node:assert/strict";
import { testGenerated } from "./world.ts";

testGenerated(
  "labels stand in the order of the type when some were added in between",
  `create type size as enum ('small', 'large');
   alter type size add value 'medium' before 'large';
   alter type size add value 'tiny' before 'small';
   alter type size add value 'Zero' before 'tiny';
   create table boxes (id int primary key, size size);`,
  ({ models }) => assert.deepEqual(models.sizeLabels, ["Zero", "tiny", "small", "medium", "large"]),
);
