// Where the visitors' site deviates further.
import both from "./both.mjs";

export default {
  ...both,
  rules: {
    ...both.rules,
    // Each form holds a hidden password field which is no password: Chromium then leaves the body of the form out of
    // the file of its session. No browser may fill it in or offer to keep it (docs/decisions/0008).
    "autocomplete-password": "off",
  },
};
