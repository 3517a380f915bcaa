// Times and ids as Python makes them, for a page that is there before Python is. Sorted before the scripts that use it:
// build/pocket.py joins them by name.
"use strict";

const moments = (() => {
  const DAY_MS = 86400000;

  function two(n) {
    return String(Math.trunc(Math.abs(n))).padStart(2, "0");
  }

  // So many random bytes, two digits each.
  function hex(bytes) {
    return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (one) => one.toString(16).padStart(2, "0")).join("");
  }

  // A UUIDv7.
  function newId() {
    const time = Date.now().toString(16).padStart(12, "0");
    const rest = hex(10);
    const variant = (8 + (parseInt(rest[3], 16) & 3)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(8, 20)}`;
  }

  // Local time to the millisecond, with how far it is from UTC.
  function iso(at = new Date()) {
    const away = -at.getTimezoneOffset();
    const local = new Date(at.getTime() + away * 60000).toISOString().slice(0, -1);
    return `${local}${away < 0 ? "-" : "+"}${two(away / 60)}:${two(away % 60)}`;
  }

  function wall(zone, at) {
    const told = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    const parts = Object.fromEntries(new Intl.DateTimeFormat("en", told).formatToParts(at).map((one) => [one.type, one.value]));
    return { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour), rest: `${parts.minute}:${parts.second}` };
  }

  // The production day goes on past midnight: 01:52 is 25:52. Once it must be over, only the wall is known.
  // `last` is what last.json says, or null: of it the zone and the day.
  function clock(last, at = new Date()) {
    const { date, hour, rest } = wall((last && last.zone) || undefined, at);
    const day = last && last.day && at < new Date(last.day.until) ? last.day : null;
    const over = day ? Math.round((Date.parse(date) - Date.parse(day.date)) / DAY_MS) : 0;
    const past = over > 0 && over <= 2 ? over : 0;
    return { day: day ? day.code : date, time: `${two(hour + 24 * past)}:${rest}`, wall: past ? `${two(hour)}:${rest.slice(0, 2)} +${past}` : "" };
  }

  // A day without a number is named by its date, as in the app.
  function dayWords(day, language) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) return day;
    const told = { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", told).format(new Date(day)).replace(",", "");
  }

  function length(seconds) {
    return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }

  return { hex, newId, iso, clock, dayWords, length };
})();
