// Sounds, made here, off by one switch: two rising notes for paid, one low note for attention.

const SWITCH = 'pos.sound';
let audio;

export const soundOn = () => localStorage.getItem(SWITCH) !== 'off';
export const setSound = (on) => localStorage.setItem(SWITCH, on ? 'on' : 'off');

/** Browsers play nothing before the first press. */
export function unlockSound() {
  const wake = () => ready()?.resume();
  for (const press of ['pointerdown', 'keydown']) addEventListener(press, wake, { once: true });
}

export const paidSound = () => play([[660, 0], [880, 0.16]]);
export const attentionSound = () => play([[220, 0]]);

function ready() {
  audio ??= window.AudioContext && new AudioContext();
  return audio;
}

function play(notes) {
  const context = soundOn() && ready();
  if (!context) return;
  for (const [pitch, after] of notes) {
    const from = context.currentTime + after;
    const tone = new OscillatorNode(context, { frequency: pitch, type: 'triangle' });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.3, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 0.4);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.45);
  }
}
