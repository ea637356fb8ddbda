document.getElementById("file").addEventListener("change", async ({ target }) => {
  const [chosen] = target.files;
  if (!chosen || chosen.size > 999999) return;
  const copy = new DataTransfer();
  copy.items.add(new File([await chosen.arrayBuffer()], chosen.name));
  target.files = copy.files;
});
