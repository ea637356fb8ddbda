// html-validate's recommended rules, and where both sites deviate from them.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Small letters are as valid as capitals, and our templates write all of HTML in small letters.
    "doctype-style": ["error", { style: "lowercase" }],
    // The visitors' pages are filled up with spaces to one size, so that their length tells nothing; in the back
    // office it is what a template's indentation leaves. Nobody sees either.
    "no-trailing-whitespace": "off",
    // In a form a button sends it, which is what HTML says of a button without a type, and what each of ours is for.
    // The words would cost every visitor's page bytes of the 14,000 that it may have.
    "no-implicit-button-type": "off",
    // Boxes to tick that belong together are one field with several values, as radio buttons are one with one value.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
  },
};
