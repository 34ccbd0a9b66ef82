/** Arrays of any type and depth. */
import { type ArrayInput, type ArrayOptions, arrayText, type ElementCodec } from "./array_text.ts";
import type { Codec } from "./codec.ts";
import { unreadable } from "./refuse.ts";

/** A PostgreSQL array as it is read: elements, NULLs, or arrays of the next dimension. */
export type ArrayValue<Value> = (Value | null | ArrayValue<Value>)[];

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** Makes the codec of a type's array, which knows any number of dimensions. */
export function arrayCodec<Value, Input = Value>(
  element: ElementCodec<Value, Input>,
  options: ArrayOptions = {},
): Codec<ArrayValue<Value>, ArrayInput<Input>> {
  const name = `${element.name}[]`;
  const delimiter = options.delimiter ?? element.element?.delimiter ?? ",";
  return {
    name,
    reads: element.reads?.map((type) => `${type}[]`) ?? ["[]"],
    decode(text) {
      const start = text.charCodeAt(0) === OPEN ? 0 : text.indexOf("={") + 1;
      if (text.charCodeAt(start) !== OPEN || text.charCodeAt(text.length - 1) !== CLOSE) {
        throw unreadable(name, "the text is no array");
      }
      if (text.length - start === 2) return [];
      if (text.includes('"', start) || text.includes("{", start + 1)) {
        return readNested(text, start, delimiter.charCodeAt(0), element);
      }
      const values: ArrayValue<Value> = text.slice(start + 1, -1).split(delimiter) as never;
      for (let i = 0; i < values.length; i++) {
        const item = values[i] as string;
        values[i] = item === "NULL" ? null : element.decode(item);
      }
      return values;
    },
    encode: (value) => arrayText(element, value, options),
  };
}

function readNested<Value>(
  text: string,
  start: number,
  delimiter: number,
  element: Codec<Value, never>,
): ArrayValue<Value> {
  const last = text.length - 1;
  const outer: ArrayValue<Value>[] = [];
  let current: ArrayValue<Value> = [];
  let i = start + 1;
  while (i <= last) {
    const code = text.charCodeAt(i);
    if (code === OPEN) {
      outer.push(current);
      current = [];
      i++;
    } else if (code === CLOSE) {
      if (i === last) break;
      const inner = current;
      const parent = outer.pop();
      if (parent === undefined) break;
      parent.push(inner);
      current = parent;
      i++;
    } else if (code === delimiter) {
      i++;
    } else if (code === QUOTE) {
      let end = text.indexOf('"', i + 1);
      if (end === -1) break;
      let item = text.slice(i + 1, end);
      if (item.includes("\\")) {
        [item, end] = unescape(text, i + 1);
      }
      current.push(element.decode(item));
      i = end + 1;
    } else {
      let end = i + 1;
      while (end < last) {
        const next = text.charCodeAt(end);
        if (next === delimiter || next === CLOSE) break;
        end++;
      }
      const item = text.slice(i, end);
      current.push(item === "NULL" ? null : element.decode(item));
      i = end;
    }
  }
  if (i !== last || outer.length !== 0) {
    throw unreadable(`${element.name}[]`, "the array's text is broken off");
  }
  return current;
}

/** Reads a quoted element with backslashes; gives it and the place of its closing quote. */
function unescape(text: string, from: number): [string, number] {
  let item = "";
  let plain = from;
  let i = from;
  for (;; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || i >= text.length) break;
    if (code === BACKSLASH) {
      item += text.slice(plain, i);
      plain = ++i;
    }
  }
  return [item + text.slice(plain, i), i];
}
