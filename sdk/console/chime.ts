/** Two short notes, made here: no file, no licence, nothing to load. */

export type Chime = 'offer' | 'message';

/** Frequencies in hertz, one after the other. */
const NOTES: Readonly<Record<Chime, readonly number[]>> = { offer: [659.26, 880], message: [587.33] };
const NOTE_S = 0.16;
const FADE_S = 0.5;
const LOUD = 0.14;

let context: AudioContext | null = null;

/** Silent where the browser has no sound, or does not allow any before somebody has touched the page. */
export function chime(which: Chime): void {
  if (typeof AudioContext === 'undefined' || !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const { destination, currentTime } = context;
  // A context that sleeps would play a whole morning's chimes at the first click.
  if (context.state !== 'running') return void context.resume();
  NOTES[which].forEach((frequency, i) => {
    if (context) note(context, destination, frequency, currentTime + i * NOTE_S);
  });
}

function note(sounding: AudioContext, to: AudioNode, frequency: number, at: number): void {
  const tone = sounding.createOscillator();
  const volume = sounding.createGain();
  tone.type = 'sine';
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + FADE_S);
  tone.connect(volume).connect(to);
  tone.start(at);
  tone.stop(at + FADE_S);
}
