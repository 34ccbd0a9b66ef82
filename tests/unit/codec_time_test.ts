import assert from "node:assert/strict";
import { test } from "node:test";
import { interval } from "../../src/codec/interval.ts";
import { date, timestamp, timestamptz } from "../../src/codec/timestamp.ts";
import { timestamptzText } from "../../src/schema/time_factories.ts";
import { QueryError, ValidationError } from "../../src/errors/base.ts";

test("timestamptz.decode() reads every form that the server prints", () => {
  const cases: [string, string][] = [
    ["2024-02-29 23:59:59+00", "2024-02-29T23:59:59.000Z"],
    ["2024-02-29 23:59:59.1+00", "2024-02-29T23:59:59.100Z"],
    ["2024-02-29 23:59:59.12+00", "2024-02-29T23:59:59.120Z"],
    ["2024-02-29 23:59:59.123+00", "2024-02-29T23:59:59.123Z"],
    ["2024-02-29 23:59:59.999999+00", "2024-02-29T23:59:59.999Z"],
    ["1969-12-31 23:59:59.000999+00", "1969-12-31T23:59:59.000Z"],
    ["2024-03-01 01:00:00+02", "2024-02-29T23:00:00.000Z"],
    ["2024-02-29 20:00:00-05", "2024-03-01T01:00:00.000Z"],
    ["2024-03-01 05:00:00.5+05:30", "2024-02-29T23:30:00.500Z"],
    ["1850-01-01 00:00:00-04:56:02", "1850-01-01T04:56:02.000Z"],
    ["0099-01-01 00:00:00+00", "0099-01-01T00:00:00.000Z"],
    ["0001-01-01 00:00:00+00 BC", "0000-01-01T00:00:00.000Z"],
    ["4713-01-01 00:00:00.5+00 BC", "-004712-01-01T00:00:00.500Z"],
    ["12345-06-07 08:09:10.5+00", "+012345-06-07T08:09:10.500Z"],
    ["275760-09-12 23:59:59.999+00", "+275760-09-12T23:59:59.999Z"],
    ["2024-02-29T23:59:59.5+00:00", "2024-02-29T23:59:59.500Z"],
    ["infinity", "+275760-09-13T00:00:00.000Z"],
    ["-infinity", "-271821-04-20T00:00:00.000Z"],
  ];
  for (const [text, iso] of cases) assert.equal(timestamptz.decode(text).toISOString(), iso, text);
});

test("timestamp.decode() reads wall time as UTC", () => {
  const cases: [string, string][] = [
    ["2024-02-29 23:59:59", "2024-02-29T23:59:59.000Z"],
    ["2024-02-29 23:59:59.123456", "2024-02-29T23:59:59.123Z"],
    ["4713-01-01 00:00:00.5 BC", "-004712-01-01T00:00:00.500Z"],
    ["4713-01-01 00:00:00 BC", "-004712-01-01T00:00:00.000Z"],
    ["99999-01-01 00:00:00", "+099999-01-01T00:00:00.000Z"],
  ];
  for (const [text, iso] of cases) assert.equal(timestamp.decode(text).toISOString(), iso, text);
});

test("timestamptz.decode() refuses what a Date cannot hold and other date styles", () => {
  assert.throws(() => timestamptz.decode("275760-09-13 00:00:00+00"), (error) => {
    assert.ok(error instanceof QueryError);
    assert.match(error.hint ?? "", /timestamptzText/);
    return true;
  });
  assert.throws(() => timestamptz.decode("294276-12-31 23:59:59.999999+00"), QueryError);
  for (const text of ["Thu Feb 29 23:59:59 2024 UTC", "29.02.2024 23:59:59 UTC", "02/29/2024"]) {
    assert.throws(() => timestamptz.decode(text), /another style/);
  }
});

test("timestamptz and timestamp come back as the same instant, in any century", () => {
  const step = 1_234_567_890_123;
  for (let time = -210_000_000_000_000; time < 8.64e15; time += step * 7) {
    const value = new Date(time);
    for (const codec of [timestamptz, timestamp]) {
      assert.equal(codec.decode(codec.encode(value)).getTime(), time, codec.encode(value));
    }
  }
});

test("timestamptz.encode() writes years as PostgreSQL reads them", () => {
  const cases: [string, string][] = [
    ["2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"],
    ["0000-02-29T00:00:00Z", "0001-02-29 00:00:00.000+00 BC"],
    ["-000043-03-15T12:00:00Z", "0044-03-15 12:00:00.000+00 BC"],
    ["+012345-01-01T00:00:00Z", "12345-01-01 00:00:00.000+00"],
  ];
  for (const [iso, text] of cases) assert.equal(timestamptz.encode(new Date(iso)), text);
  assert.equal(timestamptz.encode(new Date(8.64e15)), "infinity");
  assert.equal(timestamp.encode(new Date(-8.64e15)), "-infinity");
  assert.equal(timestamp.encode(new Date(0)), "1970-01-01T00:00:00.000");
  assert.equal(timestamptz.encode("tomorrow"), "tomorrow");
  assert.throws(() => timestamptz.encode(new Date(NaN)), ValidationError);
  assert.throws(() => timestamptz.encode(0 as never), /expected a Date or a string, got a number/);
});

test("timestamptzText keeps microseconds", () => {
  const codec = timestamptzText().spec.codec!;
  const text = "2024-02-29 23:59:59.123456+00";
  assert.equal(codec.encode(codec.decode(text)), text);
});

test("date.encode() takes a Date's day in UTC", () => {
  const cases: [string | Date, string][] = [
    ["2024-02-29", "2024-02-29"],
    [new Date("2024-02-29T23:59:59.999Z"), "2024-02-29"],
    [new Date("0000-03-01T00:00:00Z"), "0001-03-01 BC"],
    [new Date("0007-03-01T00:00:00Z"), "0007-03-01"],
    [new Date("+012345-03-01T00:00:00Z"), "12345-03-01"],
    [new Date(8.64e15), "infinity"],
  ];
  for (const [value, text] of cases) assert.equal(date.encode(value), text);
  assert.throws(() => date.encode(new Date(NaN)), /the Date is invalid/);
  assert.throws(() => date.encode(null as never), /expected a Date or a string, got null/);
});

test("interval.decode() reads both styles to one canonical form", () => {
  const cases: [postgres: string, iso: string, canonical: string][] = [
    ["00:00:00", "PT0S", "PT0S"],
    ["1 year 2 mons 3 days 04:05:06.5", "P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"],
    ["-1 years -2 mons +3 days -04:05:06", "P-1Y-2M3DT-4H-5M-6S", "P-1Y-2M3DT-4H-5M-6S"],
    ["-1 years -2 mons -3 days -04:05:06", "P-1Y-2M-3DT-4H-5M-6S", "-P1Y2M3DT4H5M6S"],
    ["1 mon -1 days", "P1M-1D", "P1M-1D"],
    ["-00:00:00.000001", "PT-0.000001S", "-PT0.000001S"],
    ["1 day -00:00:01.5", "P1DT-1.5S", "P1DT-1.5S"],
    ["2562047788:00:54.775807", "PT2562047788H54.775807S", "PT2562047788H54.775807S"],
    ["14 days", "P14D", "P14D"],
    ["infinity", "infinity", "infinity"],
    ["-infinity", "-infinity", "-infinity"],
  ];
  for (const [postgres, iso, canonical] of cases) {
    assert.equal(interval.decode(postgres), canonical);
    assert.equal(interval.decode(iso), canonical);
    assert.equal(interval.decode(interval.encode(canonical)), canonical);
  }
  for (const text of ["@ 1 year 2 mons ago", "+1-2 +3 +4:05:06", ""]) {
    assert.throws(() => interval.decode(text), /another style/, text);
  }
});

test("interval.encode() writes parts, durations and any text", () => {
  const canonical = (input: Parameters<typeof interval.encode>[0]): string =>
    interval.decode(interval.encode(input));
  assert.equal(canonical({}), "PT0S");
  assert.equal(canonical({ years: 1, months: -12 }), "PT0S");
  assert.equal(canonical({ weeks: 1, days: 1 }), "P8D");
  assert.equal(canonical({ seconds: 6.5, milliseconds: 0.001, microseconds: 1 }), "PT6.500002S");
  assert.equal(canonical({ seconds: -0.000001 }), "-PT0.000001S");
  assert.equal(canonical({ hours: 1, minutes: -90 }), "-PT30M");
  assert.equal(interval.encode("-P1D"), interval.encode("P-1D"));
  assert.equal(
    interval.encode("P1Y2M3DT4H"),
    interval.encode({ years: 1, months: 2, days: 3, hours: 4 }),
  );
  assert.equal(interval.encode("3 days ago"), "3 days ago");
  assert.equal(interval.encode("P"), "P"); // the server says what is wrong with it
  assert.throws(() => interval.encode({ days: 0.5 }), /days is not whole/);
  assert.throws(() => interval.encode({ days: NaN }), /days is no finite number/);
  assert.throws(() => interval.encode({ day: 1 } as never), /"day" is no unit/);
  assert.throws(() => interval.encode(5 as never), /expected a string or an object/);
});

test("interval.encode() takes a Temporal.Duration", () => {
  const duration = {
    get [Symbol.toStringTag]() {
      return "Temporal.Duration";
    },
    toString: () => "-P1W2DT0.5S",
  };
  assert.equal(interval.decode(interval.encode(duration as never)), "-P9DT0.5S");
});
