/** A stream of one's own over WebRTC: one offer goes to the organizer's endpoint (WHEP), its answer brings the picture. */

const GATHERING = 1000;

/** The addresses of this browser belong into the offer; who has not gathered them all by then goes with what there is. */
const gathered = (peer) =>
  new Promise((resolve) => {
    setTimeout(resolve, GATHERING);
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && resolve());
  });

/** Play what `address` answers in `video`. Returns how to stop it; fails where the endpoint refuses. */
export const play = async ({ video, address, failed }) => {
  const peer = new RTCPeerConnection();
  const picture = new MediaStream();
  for (const kind of ["video", "audio"]) peer.addTransceiver(kind, { direction: "recvonly" });
  peer.addEventListener("track", ({ track }) => picture.addTrack(track));
  peer.addEventListener("connectionstatechange", () => peer.connectionState === "failed" && failed());
  video.srcObject = picture;
  const endpoint = new URL(address, location.href);
  let session = null;
  try {
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/sdp" },
      body: peer.localDescription.sdp,
      credentials: "omit",
    });
    if (!answer.ok) throw new Error(`the stream's endpoint answered ${answer.status}`);
    const place = answer.headers.get("location");
    session = place && new URL(place, endpoint);
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  } catch (fault) {
    peer.close();
    throw fault;
  }
  return {
    stop: () => {
      peer.close();
      video.srcObject = null;
      if (session && session.origin === endpoint.origin)
        fetch(session, { method: "DELETE", credentials: "omit", keepalive: true }).catch(() => {});
    },
  };
};
