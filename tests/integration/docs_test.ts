/** The snippets of the pages of docs/. */
import { testPage } from "../support/docs.ts";

await testPage("queries", 31);
await testPage("validation", 5);
await testPage("signals", 8);
await testPage("views", 7);
await testPage("pagination", 7);
await testPage("cache", 8);
await testPage("testing", 4);
