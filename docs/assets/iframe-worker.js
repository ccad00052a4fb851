// A page that was opened from disk may start no worker. There the search, which wants one, runs in a frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.title = "search";
      document.body.append(this.frame);
      const inner = this.frame.contentWindow;
      this.ready = new Promise((resolve) => {
        inner.postMessage = (data) => this.tell(new MessageEvent("message", { data }));
        this.run(address).then(resolve);
      });
    }

    /** Runs a script in the frame, to its end. */
    run(address) {
      const script = this.frame.contentDocument.createElement("script");
      const done = new Promise((resolve) => { script.onload = resolve; });
      script.src = address;
      this.frame.contentDocument.body.append(script);
      return done;
    }

    tell(event) {
      this.dispatchEvent(event);
      this.onmessage?.(event);
    }

    postMessage(data) {
      const { MessageEvent: Inner } = this.frame.contentWindow;
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new Inner("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
