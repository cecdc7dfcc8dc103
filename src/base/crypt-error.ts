/** A hash that would take longer than anybody means to wait. */
export class TooCostly extends RangeError {}
