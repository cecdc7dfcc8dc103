/** Seconds as the delay of a timer. Node takes one that is longer than 24 days for one millisecond. */
export const milliseconds = (seconds: number): number => Math.min(seconds * 1000, 2 ** 31 - 1)
