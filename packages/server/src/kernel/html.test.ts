import { expect, test } from "vitest";
import { html } from "./html.ts";

test("text is escaped, in an element as in an attribute", () => {
  const name = `<script>"Tom" & 'Ann'</script>`;
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&lt;script&gt;&quot;Tom&quot; &amp; &#39;Ann&#39;&lt;/script&gt;">' +
      "&lt;script&gt;&quot;Tom&quot; &amp; &#39;Ann&#39;&lt;/script&gt;</p>",
  );
});

test("HTML is put in as it is, one piece or several", () => {
  const items = ["a", "<b>"].map((item) => html`<i>${item}</i>`);
  expect(html`<p>${items}${html`<b>${2}</b>`}</p>`.text).toBe("<p><i>a</i><i>&lt;b&gt;</i><b>2</b></p>");
});
