/** All golden tests, in one file because they share one database. */
import "./filter.ts";
import "./read.ts";
import "./expression.ts";
import "./write.ts";
