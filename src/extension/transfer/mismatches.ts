const mismatchCodes = /^(?:architecture-differs$|tensor-)/;

/** Whether skipping mismatched tensors lifts some of these refusals. */
export function liftedBySkipping(refusals: readonly { readonly code: string }[]): boolean {
  return refusals.some(({ code }) => mismatchCodes.test(code));
}
