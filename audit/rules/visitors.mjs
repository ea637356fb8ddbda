// Where the visitors' site deviates further.
import both from "./both.mjs";

export default {
  ...both,
  rules: {
    ...both.rules,
    // Each form holds a hidden password field which is no password: Chromium then leaves the body of the form out of
    // the file of its session. No browser may fill it in or offer to keep it (docs/decisions/0008).
    "autocomplete-password": "off",
    // The times to talk are up to 18 boxes on a page: without quotes they fit into the 14,000 bytes of a first answer.
    "attr-quotes": ["error", { unquoted: true }],
  },
};
