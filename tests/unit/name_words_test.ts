import assert from "node:assert/strict";
import { test } from "node:test";
import { plural, singular } from "../../generator/name/words.ts";

/** Singular and plural; where both are alike the word stands once. */
const WORDS =
  `person people, status statuses, address addresses, analysis analyses, news, data, media,
  series, criterion criteria, category categories, movie movies, child children, box boxes, bus buses,
  cookie cookies, knife knives, match matches, index indices, man men, woman women, mouse mice,
  quiz quizzes, user users, canvas canvases, process processes, class classes, species, metadata,
  schema schemas, sale sales, setting settings, hero heroes, photo photos, cache caches, alias aliases,
  database databases, house houses, case cases, license licenses, response responses, purchase purchases,
  invoice invoices, virus viruses, campus campuses, access accesses, business businesses, olive olives,
  basis, axis axes, lens lenses, money, physics, drive drives, wave waves, shoe shoes, tomato tomatoes,
  order_item order_items, order_status order_statuses, customer_address customer_addresses,
  analysis_result analysis_results, lineItem lineItems, diagnosis diagnoses, phenomenon phenomena`
    .split(",").map((pair) => pair.trim().split(" "));

for (const [one, many = one] of WORDS) {
  test(`singular() and plural() know ${one} and ${many}`, () => {
    assert.equal(singular(many!), one);
    assert.equal(singular(one!), one);
    if (one !== "basis") assert.equal(plural(one!), many);
  });
}

test("singular() changes the last word alone when a name has several", () => {
  assert.equal(singular("users_by_teams_2"), "users_by_team_2");
  assert.equal(singular("users 😀"), "user 😀");
  assert.equal(singular("123"), "123");
  assert.equal(singular(""), "");
});
