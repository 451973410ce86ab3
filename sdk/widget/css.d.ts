/** The build hands a style sheet over as text, so that the shadow root can adopt it under any content-security policy. */
declare module '*.css' {
  const text: string;
  export default text;
}
