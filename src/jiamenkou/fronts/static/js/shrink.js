// Photos become at most 300 KB before they are kept: the phone's memory and a weak signal bear that.
export const MOST = 300 * 1024;
const SIDES = [1600, 1280, 1024, 800];
const QUALITIES = [0.82, 0.7, 0.55];

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let smallest = null;
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      smallest = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (smallest.size <= MOST) return smallest;
    }
  }
  return smallest;
}
